import { describe, expect, it } from '@jest/globals'
import { invariant } from '@stoa/platform/invariant'
import { cancel, type GraphOrder, placed, seeOrder } from './shop-talk.fixture.ts'
import { openTestOrders, type TestOrders } from './test-orders.fixture.ts'

const HOUR_MS = 3_600_000
const shirts = { lineId: 'L1', sku: 'TEE-1', quantity: 2 }
const mug = { lineId: 'L2', sku: 'MUG-1', quantity: 1 }

describe('an order travels', () => {
  it('from checkout to the books, charged once', async () => {
    await using shop = await openTestOrders()
    const { orderId } = await placed(shop)
    await reserve(shop, orderId)
    await ship(shop, orderId, 1)
    expect(await seen(shop, orderId)).toMatchObject({ status: 'PARTLY_SHIPPED' })
    await ship(shop, orderId, 2)
    const order = await seen(shop, orderId)
    expect(order).toMatchObject({ status: 'FULFILLED', payments: [{ status: 'CAPTURED' }] })
    expect(order.timeline.map((moment) => moment.type)).toEqual([
      'OrderCreated',
      'OrderProcessed',
      'ShipmentPrepared',
      'ShipmentPrepared',
      'ShipmentProcessed',
      'ShipmentProcessed',
      'OrderFulfilled',
      'PaymentCaptured',
      'OrderPosted',
    ])
    expect(whatBankDid(shop)).toEqual(['authorised', 'captured'])
    expect(shop.books.get(orderId)).toMatchObject({ total: { minor: 4_590, currency: 'EUR' }, market: 'IT' })
  })

  it('the same when every fact is told twice', async () => {
    await using shop = await openTestOrders()
    const { orderId } = await placed(shop)
    for (const _ of [1, 2]) {
      await reserve(shop, orderId)
      await ship(shop, orderId, 1)
      await ship(shop, orderId, 2)
    }
    const consumers = await shop.bus.consumers()
    for (const { name } of consumers) await shop.bus.replay({ consumer: name })
    await shop.settle()
    const order = await seen(shop, orderId)
    expect(order.timeline).toHaveLength(9)
    expect(whatBankDid(shop)).toEqual(['authorised', 'captured'])
    expect(await shop.bus.deadLetters()).toEqual([])
  })

  it('under one correlation id, whoever told what led to it', async () => {
    await using shop = await openTestOrders()
    const { orderId } = await placed(shop, {}, { correlationId: 'ada-pays' })
    await reserve(shop, orderId)
    const asked = await cancel(shop, orderId, { correlationId: 'ada-cancels' })
    expect(asked.order?.status).toBe('CANCELLATION_REQUESTED')
    await ship(shop, orderId, 1)
    await ship(shop, orderId, 2)
    const facts = await shop.store.load(`order-${orderId}`)
    expect(facts.at(-1)?.type).toBe('OrderPosted')
    expect(facts.filter((fact) => fact.meta.correlationId !== 'ada-pays')).toEqual([])
    const { events } = await shop.bus.archive({ limit: 1_000 })
    const known = new Set([...events.map((event) => event.id), 'ada-cancels'])
    expect(facts.slice(1).filter((fact) => !known.has(fact.meta.causationId ?? ''))).toEqual([])
  })

  it('waits for a bank that is closed, and goes on when it opens', async () => {
    await using shop = await openTestOrders()
    shop.bank.dead = true
    const { orderId } = await placed(shop)
    await passTime(shop, 2 * HOUR_MS)
    expect(await seen(shop, orderId)).toMatchObject({ status: 'CREATED' })
    shop.bank.dead = false
    await passTime(shop, HOUR_MS)
    expect(await seen(shop, orderId)).toMatchObject({
      status: 'PROCESSED',
      payments: [{ status: 'AUTHORISED' }],
    })
  })
})

describe('an order ends', () => {
  it('when the card is declined', async () => {
    await using shop = await openTestOrders()
    const { orderId } = await placed(shop, { paymentToken: 'tok_declined' })
    const order = await seen(shop, orderId)
    expect(order).toMatchObject({
      status: 'CANCELLED',
      cancelReason: 'PAYMENT_DECLINED',
      payments: [{ status: 'DECLINED' }],
    })
    expect(whatBankDid(shop)).toEqual([])
  })

  it('when there is no stock, and the money goes back', async () => {
    await using shop = await openTestOrders()
    const { orderId } = await placed(shop)
    await shop.hear('inventory', { type: 'StockRejected', data: { orderId, shortages: [] } })
    const order = await seen(shop, orderId)
    expect(order).toMatchObject({
      status: 'CANCELLED',
      cancelReason: 'NO_STOCK',
      payments: [{ status: 'VOIDED' }],
    })
    expect(whatBankDid(shop)).toEqual(['authorised', 'voided'])
  })

  it('when its stock lapsed before it could be prepared, and the money goes back', async () => {
    await using shop = await openTestOrders()
    const { orderId } = await placed(shop)
    const told = { type: 'StockReleased', data: { orderId, reason: 'EXPIRED' } } as const
    await shop.hear('inventory', told)
    await shop.hear('inventory', told)
    expect(await seen(shop, orderId)).toMatchObject({ status: 'CANCELLED', cancelReason: 'NO_STOCK' })
    expect(whatBankDid(shop)).toEqual(['authorised', 'voided'])
  })

  it('but not because stock was released for any other reason', async () => {
    await using shop = await openTestOrders()
    const { orderId } = await placed(shop)
    await shop.hear('inventory', { type: 'StockReleased', data: { orderId, reason: 'OPERATOR' } })
    expect(await seen(shop, orderId)).toMatchObject({ status: 'PROCESSED' })
  })

  it('when ada cancels before a warehouse has it', async () => {
    await using shop = await openTestOrders()
    const { orderId } = await placed(shop)
    expect(await cancel(shop, orderId)).toMatchObject({ order: { status: 'CANCELLED' }, userErrors: [] })
    await shop.settle()
    expect(await seen(shop, orderId)).toMatchObject({
      cancelReason: 'CUSTOMER',
      payments: [{ status: 'VOIDED' }],
    })
    await reserve(shop, orderId)
    expect(await seen(shop, orderId)).toMatchObject({ status: 'CANCELLED', shipments: [] })
  })

  it('and gives back a payment that was authorised after the end', async () => {
    await using shop = await openTestOrders()
    shop.bank.dead = true
    const { orderId } = await placed(shop)
    shop.bank.dead = false
    shop.bank.meanwhile = async () => {
      await cancel(shop, orderId)
    }
    await passTime(shop, HOUR_MS)
    expect(await seen(shop, orderId)).toMatchObject({ status: 'CANCELLED', payments: [{ status: 'VOIDED' }] })
    expect(whatBankDid(shop)).toEqual(['authorised', 'voided'])
  })

  it('when every warehouse could stop', async () => {
    await using shop = await openTestOrders()
    const { orderId } = await placed(shop)
    await reserve(shop, orderId)
    expect(await cancel(shop, orderId)).toMatchObject({ order: { status: 'CANCELLATION_REQUESTED' } })
    await shop.hear('inventory', { type: 'PickCancelled', data: { orderId, shipmentId: `${orderId}-1` } })
    await shop.hear('inventory', { type: 'PickCancelled', data: { orderId, shipmentId: `${orderId}-2` } })
    expect(await seen(shop, orderId)).toMatchObject({ status: 'CANCELLED', payments: [{ status: 'VOIDED' }] })
  })
})

describe('a cancellation that comes too late', () => {
  it('is refused by the warehouse, and the rest is prepared again', async () => {
    await using shop = await openTestOrders()
    const { orderId } = await placed(shop)
    await reserve(shop, orderId)
    await cancel(shop, orderId)
    await shop.hear('inventory', { type: 'PickCancelled', data: { orderId, shipmentId: `${orderId}-2` } })
    await shop.hear('inventory', {
      type: 'PickCancellationRefused',
      data: { orderId, shipmentId: `${orderId}-1` },
    })
    const order = await seen(shop, orderId)
    expect(order.status).toBe('PREPARED')
    expect(order.shipments.map((shipment) => shipment.status)).toEqual(['PREPARED', 'CANCELLED', 'PREPARED'])
    await ship(shop, orderId, 1)
    await ship(shop, orderId, 3)
    expect(await seen(shop, orderId)).toMatchObject({
      status: 'FULFILLED',
      payments: [{ status: 'CAPTURED' }],
    })
  })

  it('is refused at once when something left already', async () => {
    await using shop = await openTestOrders()
    const { orderId } = await placed(shop)
    await reserve(shop, orderId)
    await ship(shop, orderId, 1)
    const answer = await cancel(shop, orderId)
    expect(answer.order?.status).toBe('PARTLY_SHIPPED')
    const refusal = {
      __typename: 'OrderNotCancellable',
      code: 'ORDER_NOT_CANCELLABLE',
      status: 'PARTLY_SHIPPED',
    }
    expect(answer.userErrors).toEqual([expect.objectContaining(refusal)])
  })
})

describe('what cannot be', () => {
  it('waits for a person among the dead letters, and nothing changes', async () => {
    await using shop = await openTestOrders()
    const { orderId } = await placed(shop)
    await reserve(shop, orderId)
    await ship(shop, orderId, 9)
    const [letter] = await shop.bus.deadLetters()
    expect(letter).toMatchObject({ consumer: 'orders.shipped', exhausted: 'not_retryable' })
    expect(letter?.errorMessage).toContain('SHIPMENT_UNKNOWN')
    expect(await seen(shop, orderId)).toMatchObject({ status: 'PREPARED' })
  })

  it('is not believed of a stranger', async () => {
    await using shop = await openTestOrders()
    const { orderId } = await placed(shop)
    const allocations = [{ locationId: 'DC-MILAN', lines: [shirts, mug] }]
    await shop.hear('somebody', { type: 'StockReserved', data: { orderId, allocations } })
    expect(await seen(shop, orderId)).toMatchObject({ status: 'PROCESSED' })
  })

  it('a fact that comes too early is taken in later', async () => {
    await using shop = await openTestOrders()
    shop.bank.dead = true
    const { orderId } = await placed(shop)
    await reserve(shop, orderId)
    shop.bank.dead = false
    await passTime(shop, HOUR_MS)
    expect(await seen(shop, orderId)).toMatchObject({ status: 'PREPARED' })
    expect(await shop.bus.deadLetters()).toEqual([])
  })
})

function reserve(shop: TestOrders, orderId: string): Promise<void> {
  const allocations = [
    { locationId: 'DC-MILAN', lines: [shirts] },
    { locationId: 'ST-TURIN', lines: [mug] },
  ]
  return shop.hear('inventory', { type: 'StockReserved', data: { orderId, allocations } })
}

function ship(shop: TestOrders, orderId: string, number: number): Promise<void> {
  const notice = { carrier: 'Posta', trackingNumber: `TR-${number}`, shippedAt: shop.clock.now() }
  return shop.hear('wms', {
    type: 'WarehouseShipped',
    data: { orderId, shipmentId: `${orderId}-${number}`, ...notice },
  })
}

async function seen(shop: TestOrders, orderId: string): Promise<GraphOrder> {
  const order = await seeOrder(shop, orderId)
  invariant(order, `ada sees her order ${orderId}`)
  return order
}

function whatBankDid(shop: TestOrders): readonly string[] {
  return shop.bank.entries.map((entry) => entry.what)
}

/** Time passes from one timer to the next, with what each leads to. */
async function passTime(shop: TestOrders, ms: number): Promise<void> {
  const until = shop.clock.now() + ms
  for (let next = shop.clock.nextAt(); next !== undefined && next <= until; next = shop.clock.nextAt()) {
    shop.clock.advance(Math.max(0, next - shop.clock.now()))
    await shop.settle()
  }
  shop.clock.advance(until - shop.clock.now())
  await shop.settle()
}
