import { expect, it } from '@jest/globals'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import type { EventStore } from '@stoa/platform/event-store'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import { seededRandom } from '@stoa/platform/random'
import { createSpreadAnnouncer, type ShardMoved } from './announce-spread.ts'
import type { StockCommand } from './domain/decide.ts'
import { everywhere, line, toItaly } from './domain/goods.fixture.ts'
import { shardName } from './domain/shards.ts'
import { handleStockCommand } from './handle-stock-command.ts'
import { importStock } from './import.ts'
import { readStockViews } from './stock-view.ts'
import { asStockFact, stockStream } from './store/stock-table.ts'

const meta = { correlationId: 'test' }
const SHARDS = 4
const streams = Array.from({ length: SHARDS }, (_, shard) => stockStream(shardName('TEE', shard)))

async function openShop() {
  const clock = createVirtualClock()
  const ports = { store: openMemoryStore({ clock }), clock, random: seededRandom(3) }
  const { store } = ports
  await importStock(store, [{ sku: 'TEE', levels: [{ locationId: 'DC-MILAN', onHand: 40 }] }], { at: 1 })
  const versions = () => Promise.all(streams.map(async (stream) => (await store.load(stream)).length))
  async function moves(command: StockCommand): Promise<ShardMoved> {
    const before = await versions()
    await handleStockCommand(ports, { command, meta })
    const after = await versions()
    const shard = after.findIndex((version, i) => version > (before[i] ?? 0))
    return { sku: 'TEE', shard, version: after[shard] ?? 0, meta }
  }
  await moves({ kind: 'spread', reference: 'operator:cleo', sku: 'TEE', shards: SHARDS })
  return { ...ports, moves }
}

function reserve(orderId: string, units: number): StockCommand {
  const of = { delivery: toItaly, locations: everywhere, expiresAt: 1e13 }
  return { kind: 'reserve', orderId, lines: [line('TEE', units)], ...of }
}

function release(orderId: string): StockCommand {
  return { kind: 'release', orderId, reason: 'CUSTOMER' }
}

/** Stops at the last read of its first look until it is let go on, and then once before its first commit. */
function slow(store: EventStore, beforeCommit: () => Promise<unknown>) {
  const looked = Promise.withResolvers<void>()
  const goOn = Promise.withResolvers<void>()
  let loads = 0
  let commits = 0
  const slowed: EventStore = {
    ...store,
    async load(stream, range) {
      const events = await store.load(stream, range)
      loads += 1
      if (loads === SHARDS) looked.resolve()
      if (loads >= SHARDS) await goOn.promise
      return events
    },
    async commit(transaction) {
      commits += 1
      if (commits === 1) await beforeCommit()
      return await store.commit(transaction)
    },
  }
  return { slowed, looked: looked.promise, goOn: goOn.resolve }
}

it('the last word is right though another process looked before it and found nothing to tell', async () => {
  const { moves, store, ...ports } = await openShop()
  await moves(reserve('O-ada', 1))
  const first = await moves(release('O-ada'))
  await moves(reserve('O-bo', 1))
  const third = await moves(release('O-bo'))
  const other = createSpreadAnnouncer({ ...ports, store })
  const { slowed, looked, goOn } = slow(store, async () => await other(await moves(release('O-cleo'))))
  const announce = createSpreadAnnouncer({ ...ports, store: slowed })
  const looking = announce(first)
  await looked
  const second = await moves(reserve('O-cleo', 3))
  const all = [looking, announce(second), announce(third)]
  goOn()
  await Promise.all(all)
  const told = (await store.load(stockStream('TEE'))).map(asStockFact).flatMap(({ type, data }) => {
    return type === 'AvailabilityChanged' ? [data.availableToPromise] : []
  })
  const [view] = await readStockViews(store, ['TEE'])
  expect(view?.availableToPromise).toBe(40)
  expect(told).toEqual([40, 37, 40])
})
