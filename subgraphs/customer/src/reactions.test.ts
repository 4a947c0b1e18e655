import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createNotificationClient } from '@stoa/adapter-notification/client'
import { type NotificationSimulator, openNotificationSimulator } from '@stoa/adapter-notification/simulator'
import { createVirtualClock, type VirtualClock } from '@stoa/platform/clock.virtual'
import type { Envelope } from '@stoa/platform/event'
import type { EventBus } from '@stoa/platform/event-bus'
import { openMemoryBus } from '@stoa/platform/event-bus.memory'
import type { EventStore } from '@stoa/platform/event-store'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import type { JsonObject } from '@stoa/platform/json'
import { silentLog } from '@stoa/platform/log'
import { seededRandom } from '@stoa/platform/random'
import { importedContacts } from './projections/order-contacts.ts'
import { notify } from './reactions.ts'

const euros = (minor: number): JsonObject => ({ minor, currency: 'EUR' })
const lines = [
  {
    lineId: 'L1',
    sku: 'TEE-1',
    productId: 'P-1',
    name: 'Tee',
    quantity: 2,
    unitPrice: euros(1995),
    total: euros(3990),
  },
]
const money = { tax: euros(719), shipping: euros(0), total: euros(3990) }
const created = {
  ...{ orderId: 'O-ADA', orderNumber: '1001', email: 'ada@example.test', language: 'it', market: 'IT' },
  ...{ lines, subtotal: euros(3990), ...money, delivery: { method: 'PICKUP', locationId: 'ST-MIL' } },
  paymentToken: 'tok_visa',
}
const quantities = [{ lineId: 'L1', sku: 'TEE-1', quantity: 2 }]
const shipped = {
  ...{
    orderId: 'O-ADA',
    shipmentId: 'O-ADA-1',
    locationId: 'ST-MIL',
    lines: quantities,
    carrier: 'Postwagen',
  },
  ...{ trackingNumber: 'TR1', shippedAt: 1_767_600_000_000 },
}
const fulfilled = { orderId: 'O-ADA', orderNumber: '1001', market: 'IT', paymentId: 'pa_1', lines, ...money }

let clock: VirtualClock
let store: EventStore
let bus: EventBus
let vendor: NotificationSimulator
let stack: AsyncDisposableStack

beforeEach(async () => {
  stack = new AsyncDisposableStack()
  clock = createVirtualClock()
  const ports = { clock, random: seededRandom(1), log: silentLog }
  store = stack.use(openMemoryStore(ports))
  vendor = stack.use(await openNotificationSimulator(ports))
  const messenger = stack.use(createNotificationClient({ url: vendor.url, log: silentLog, clock }))
  bus = stack.use(openMemoryBus(ports))
  await bus.subscribe(importedContacts(store))
  await bus.subscribe(notify({ ...ports, store, messenger }))
})

afterEach(() => stack.disposeAsync())

function fact(version: number, type: string, data: JsonObject, meta: object = {}): Envelope {
  const id = `e-${version}`
  const envelope = { id, type, data, version, at: clock.now(), stream: 'order-O-ADA', source: 'orders' }
  return { ...envelope, meta: { correlationId: 'c-1', ...meta } }
}

async function tell(...facts: readonly Envelope[]): Promise<void> {
  await bus.publish(facts)
  await bus.idle()
}

function templates(): readonly string[] {
  return vendor.ledger().map((message) => message.template)
}

describe('a customer hears of their order', () => {
  it('when it is placed, sent and complete, where and how they said', async () => {
    await tell(
      fact(1, 'OrderCreated', created),
      fact(2, 'ShipmentProcessed', shipped),
      fact(3, 'OrderFulfilled', fulfilled),
    )
    expect(templates()).toEqual(['order-confirmation', 'parcel-on-its-way', 'order-complete'])
    expect(vendor.ledger()[1]).toMatchObject({
      recipient: { address: 'ada@example.test' },
      locale: 'it',
      data: { orderNumber: '1001', carrier: 'Postwagen', trackingNumber: 'TR1', units: 2 },
    })
    const told = await store.load('notification-O-ADA')
    expect(told.map(({ type, meta }) => [type, meta.causationId])).toEqual([
      ['NotificationSent', 'e-1'],
      ['NotificationSent', 'e-2'],
      ['NotificationSent', 'e-3'],
    ])
  })

  it('once when their card is declined, and once when they cancel', async () => {
    const declined = { orderId: 'O-ADA', reason: 'PAYMENT_DECLINED' }
    await tell(
      fact(1, 'OrderCreated', created),
      fact(2, 'PaymentDeclined', { orderId: 'O-ADA', reason: 'expired_card' }),
      fact(3, 'OrderCancelled', declined),
    )
    expect(templates()).toEqual(['order-confirmation', 'payment-declined'])
    await tell(fact(4, 'OrderCancelled', { orderId: 'O-ADA', reason: 'CUSTOMER' }))
    expect(templates()).toEqual(['order-confirmation', 'payment-declined', 'order-cancelled'])
  })

  it('not of an order from an import, but of what becomes of it later', async () => {
    await tell(fact(1, 'OrderCreated', created, { imported: true }))
    expect(templates()).toEqual([])
    await tell(fact(2, 'OrderFulfilled', fulfilled))
    expect(templates()).toEqual(['order-complete'])
  })

  it('once, though the message service loses its reply', async () => {
    vendor.behave({ mode: 'losing-replies', next: 1 })
    await tell(fact(1, 'OrderCreated', created))
    expect(templates()).toEqual(['order-confirmation'])
    expect(await store.load('notification-O-ADA')).toHaveLength(1)
  })

  it('once, though an operator has the event told again', async () => {
    await tell(fact(1, 'OrderCreated', created))
    await bus.replay({ consumer: 'customer.notify' })
    await bus.idle()
    expect(templates()).toEqual(['order-confirmation'])
    expect(await store.load('notification-O-ADA')).toHaveLength(1)
  })

  it('late, but in order, when the message service was down for an hour', async () => {
    vendor.behave({ mode: 'dead' })
    await tell(fact(1, 'OrderCreated', created), fact(2, 'ShipmentProcessed', shipped))
    for (let minute = 0; minute < 60; minute++) {
      clock.advance(60_000)
      await bus.idle()
    }
    expect(templates()).toEqual([])
    vendor.behave({ mode: 'normal' })
    for (let minute = 0; minute < 6; minute++) {
      clock.advance(60_000)
      await bus.idle()
    }
    expect(templates()).toEqual(['order-confirmation', 'parcel-on-its-way'])
  })
})
