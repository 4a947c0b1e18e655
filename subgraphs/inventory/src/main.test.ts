import { describe, expect, it } from '@jest/globals'
import { openWmsSimulator } from '@stoa/adapter-wms/simulator'
import { systemClock } from '@stoa/platform/clock'
import type { Envelope } from '@stoa/platform/event'
import { openMemoryBus } from '@stoa/platform/event-bus.memory'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import { silentLog } from '@stoa/platform/log'
import { seededRandom } from '@stoa/platform/random'
import type { StoaEvent } from '@stoa/schema/events'
import { everywhere, line, toItaly } from './domain/goods.fixture.ts'
import { importLocations, importStock } from './import.ts'
import { openInventory } from './main.ts'

const machine = { clock: systemClock, random: seededRandom(2), log: silentLog }
const lines = [line('TEE', 2)]

describe('openInventory', () => {
  it('reserves, has the warehouse pick over HTTP, and answers the graph', async () => {
    await using wms = await openWmsSimulator({ ...machine, port: 0 })
    await using store = openMemoryStore(machine)
    await using bus = openMemoryBus(machine)
    await importLocations(store, everywhere)
    await importStock(store, [{ sku: 'TEE', levels: [{ locationId: 'DC-MILAN', onHand: 5 }] }])
    await using inventory = await openInventory({ ...machine, store, bus, env: { WMS_URL: wms.url } })

    const amount = { minor: 3980, currency: 'EUR' } as const
    const paid = { orderId: 'O-ada', paymentId: 'PAY-1', amount, market: 'IT', lines, delivery: toItaly }
    await bus.publish([envelope(1, { type: 'OrderProcessed', data: paid })])
    await bus.idle()
    const shipment = {
      orderId: 'O-ada',
      shipmentId: 'O-ada-1',
      locationId: 'DC-MILAN',
      lines,
      delivery: toItaly,
    }
    await bus.publish([envelope(2, { type: 'ShipmentPrepared', data: shipment })])
    await bus.idle()

    expect(JSON.stringify(wms.ledger())).toContain('O-ada-1')
    const answer = await inventory.execute({
      query:
        '{ _entities(representations: [{ __typename: "ProductVariant", sku: "TEE" }]) { ... on ProductVariant { availability { availableToPromise } } } }',
      context: {
        principal: { kind: 'anonymous' },
        market: 'IT',
        language: 'it',
        correlationId: 'c',
        deadline: Number.MAX_SAFE_INTEGER,
      },
    })
    expect(answer.data).toEqual({ _entities: [{ availability: { availableToPromise: 3 } }] })
  })

  it('refuses to start without a warehouse', async () => {
    await using store = openMemoryStore(machine)
    await using bus = openMemoryBus(machine)
    await expect(openInventory({ ...machine, store, bus, env: {} })).rejects.toThrow(/WMS_URL/)
  })
})

function envelope(version: number, event: StoaEvent): Envelope {
  // Facts are plain JSON by construction.
  const data = event.data as Envelope['data']
  const meta = { correlationId: 'c' }
  return {
    id: `e-${version}`,
    type: event.type,
    at: 1,
    data,
    meta,
    stream: 'order-O-ada',
    version,
    source: 'orders',
  }
}
