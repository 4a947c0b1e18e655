import { describe, expect, it } from '@jest/globals'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import type { EventStore } from '@stoa/platform/event-store'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import type { CommandPorts } from '@stoa/platform/handle-command'
import { seededRandom } from '@stoa/platform/random'
import { createSpreadAnnouncer } from './announce-spread.ts'
import { everywhere, line, toItaly } from './domain/goods.fixture.ts'
import { shardName } from './domain/shards.ts'
import { handleStockCommand } from './handle-stock-command.ts'
import { importStock } from './import.ts'
import { asStockFact, stockStream } from './store/stock-table.ts'
import { openTestShop, type TestEvent } from './test-shop.fixture.ts'

const meta = { correlationId: 'test' }
const SHARDS = 4
const tees = [{ sku: 'TEE', levels: [{ locationId: 'DC-MILAN', onHand: 20 }] }]

async function spread(ports: CommandPorts, shards: number): Promise<void> {
  const command = { kind: 'spread', reference: 'operator:cleo', sku: 'TEE', shards } as const
  await handleStockCommand(ports, { command, meta })
}

function processed(orderId: string): TestEvent {
  const amount = { minor: 1990, currency: 'EUR' } as const
  const of = { orderId, paymentId: `PAY-${orderId}`, amount, market: 'IT', delivery: toItaly }
  const data = { ...of, lines: [line('TEE', 1)] }
  return { type: 'OrderProcessed', data, id: `${orderId}-processed`, on: `order-${orderId}` }
}

/** Told on the SKU's own stream, whichever shards moved. */
async function promises(store: EventStore): Promise<readonly number[]> {
  const facts = (await store.load(stockStream('TEE'))).map(asStockFact)
  return facts.flatMap(({ type, data }) => (type === 'AvailabilityChanged' ? [data.availableToPromise] : []))
}

describe('what can be promised of a SKU that is spread', () => {
  it('is told over all its shards, and the last word is right', async () => {
    await using shop = await openTestShop(tees)
    await spread(shop, SHARDS)
    await shop.quiet()
    expect(await promises(shop.store)).toEqual([20])
    await shop.tell(processed('O-ada'))
    expect(await promises(shop.store)).toEqual([20, 19])
    await shop.tell(...Array.from({ length: 12 }, (_, i) => processed(`O-${i}`)))
    expect((await promises(shop.store)).at(-1)).toBe(7)
    await shop.tell({
      type: 'OrderCancelled',
      data: { orderId: 'O-ada', reason: 'CUSTOMER' },
      id: 'ada-cancelled',
      on: 'order-O-ada',
    })
    expect((await promises(shop.store)).at(-1)).toBe(8)
    expect(await shop.bus.deadLetters()).toEqual([])
  })

  it('is told by the SKU itself again once it is gathered', async () => {
    await using shop = await openTestShop(tees)
    await spread(shop, SHARDS)
    await spread(shop, 1)
    await shop.tell(processed('O-ada'))
    expect(await promises(shop.store)).toEqual([20, 19])
    const last = (await shop.store.load(stockStream('TEE'))).slice(-2)
    expect(last.map(({ type }) => type)).toEqual(['StockMoved', 'AvailabilityChanged'])
    expect(last[0]?.data).not.toHaveProperty('shard')
  })
})

describe('many movements at once', () => {
  async function openShop(orders: number) {
    const clock = createVirtualClock()
    const random = seededRandom(3)
    const store = openMemoryStore({ clock })
    await importStock(store, tees, { at: 1 })
    await spread({ store, clock, random }, SHARDS)
    for (let i = 0; i < orders; i++) {
      const of = { delivery: toItaly, locations: everywhere, expiresAt: 10 }
      const command = { kind: 'reserve', orderId: `O-${i}`, lines: [line('TEE', 1)], ...of } as const
      await handleStockCommand({ store, clock, random }, { command, meta })
    }
    let reads = 0
    const counted: EventStore = {
      ...store,
      getMany(keys) {
        reads += 1
        return store.getMany(keys)
      },
    }
    const announce = createSpreadAnnouncer({ store: counted, clock, random })
    const moved = Array.from({ length: orders }, (_, i) => {
      return { sku: 'TEE', shard: 1 + (i % (SHARDS - 1)), version: 1, meta }
    })
    return { store, announce, moved, reads: () => reads }
  }

  it('share one announcement, and what was seen is not looked at again', async () => {
    const { store, announce, moved, reads } = await openShop(10)
    await Promise.all(moved.map((one) => announce(one)))
    expect(await promises(store)).toEqual([20, 10])
    // A look is two reads, of the SKU and then of all its shards; who told something looks again.
    expect(reads()).toBeLessThanOrEqual(4)
    const before = reads()
    await Promise.all(moved.map((one) => announce(one)))
    expect(reads()).toBe(before)
  })

  it('of a very wide order are told right before its rows have followed its streams', async () => {
    const clock = createVirtualClock()
    const random = seededRandom(5)
    const memory = openMemoryStore({ clock })
    const skus = ['TEE', ...Array.from({ length: 40 }, (_, i) => `SKU-${i}`)]
    const levels = [{ locationId: 'DC-MILAN', onHand: 20 }]
    await importStock(
      memory,
      skus.map((sku) => ({ sku, levels })),
      { at: 1 },
    )
    await spread({ store: memory, clock, random }, SHARDS)
    let commits = 0
    const dying: EventStore = {
      ...memory,
      async commit(transaction) {
        commits += 1
        if (commits > 1) throw new Error('The process died here.')
        return await memory.commit(transaction)
      },
    }
    const of = { delivery: toItaly, locations: everywhere, expiresAt: 10 }
    const lines = skus.map((sku) => line(sku, sku === 'TEE' ? 17 : 1))
    const command = { kind: 'reserve', orderId: 'O-ada', lines, ...of } as const
    const ordered = handleStockCommand({ store: dying, clock, random }, { command, meta })
    await expect(ordered).rejects.toThrow('died')
    const announce = createSpreadAnnouncer({ store: memory, clock, random })
    const versions = await Promise.all(
      [0, 1, 2, 3].map(async (shard) => (await memory.load(stockStream(shardName('TEE', shard)))).length),
    )
    await Promise.all(versions.map((version, shard) => announce({ sku: 'TEE', shard, version, meta })))
    expect((await promises(memory)).at(-1)).toBe(3)
  })

  it('are told by somebody when one of two processes looked before the last of them', async () => {
    const { store, announce, moved, ...ports } = await openShop(10)
    const other = createSpreadAnnouncer({ store, clock: createVirtualClock(), random: seededRandom(4) })
    await Promise.all(moved.flatMap((one) => [announce(one), other(one)]))
    expect((await promises(store)).at(-1)).toBe(10)
    expect(ports.reads()).toBeGreaterThan(0)
  })
})
