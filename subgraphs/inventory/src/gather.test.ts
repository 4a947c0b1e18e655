import { describe, expect, it } from '@jest/globals'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import type { EventStore } from '@stoa/platform/event-store'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import type { CommandPorts } from '@stoa/platform/handle-command'
import { seededRandom } from '@stoa/platform/random'
import type { Row, RowKey } from '@stoa/platform/table-store'
import type { StockCommand } from './domain/decide.ts'
import { everywhere, line, toItaly } from './domain/goods.fixture.ts'
import { shardName } from './domain/shards.ts'
import { handleStockCommand } from './handle-stock-command.ts'
import { importStock } from './import.ts'
import { readStockViews } from './stock-view.ts'
import { readStockRow, stockKey, stockRow, stockStream } from './store/stock-table.ts'

const meta = { correlationId: 'test' }
const SHARDS = 4

async function openShop(onHand: number) {
  const clock = createVirtualClock()
  const memory = openMemoryStore({ clock })
  await importStock(memory, [{ sku: 'TEE', levels: [{ locationId: 'DC-MILAN', onHand }] }], { at: 1 })
  const ports: CommandPorts = { store: memory, clock, random: seededRandom(1) }
  const handle = (command: StockCommand, store: EventStore = memory) => {
    return handleStockCommand({ ...ports, store }, { command, meta })
  }
  await handle(spread(SHARDS))
  return {
    memory,
    handle,
    promised: async () => (await readStockViews(memory, ['TEE']))[0]?.availableToPromise,
  }
}

/** A batch is no snapshot: its last rows from shard 2 on are read, something happens once, then the first are read. */
function torn(store: EventStore, meanwhile: () => Promise<unknown>): EventStore {
  let whole = true
  async function getMany(keys: readonly RowKey[]): Promise<readonly (Row | undefined)[]> {
    if (!whole || keys.length < SHARDS) return await store.getMany(keys)
    whole = false
    const last = await store.getMany(keys.slice(2))
    await meanwhile()
    return [...(await store.getMany(keys.slice(0, 2))), ...last]
  }
  return { ...store, getMany }
}

function spread(shards: number): StockCommand {
  return { kind: 'spread', reference: 'operator:cleo', sku: 'TEE', shards }
}

function count(counted: number, countedAt: number = 10): StockCommand {
  return { kind: 'count', reference: 'count', sku: 'TEE', locationId: 'DC-MILAN', counted, countedAt }
}

function reserve(orderId: string): StockCommand {
  const of = { delivery: toItaly, locations: everywhere, expiresAt: 1e13 }
  return { kind: 'reserve', orderId, lines: [line('TEE', 1)], ...of }
}

function release(orderId: string): StockCommand {
  return { kind: 'release', orderId, reason: 'CUSTOMER' }
}

describe('a SKU that is gathered', () => {
  it('keeps units that came into shards which looked as if they never were', async () => {
    const { memory, handle, promised } = await openShop(2)
    const gathered = await handle(
      spread(1),
      torn(memory, () => handle(count(10))),
    )
    expect(gathered.ok).toBe(true)
    expect(await promised()).toBe(10)
  })

  it('keeps units that came into shards which looked empty', async () => {
    const { memory, handle, promised } = await openShop(4)
    await handle(count(0))
    await handle(
      spread(1),
      torn(memory, () => handle(count(8, 20))),
    )
    expect(await promised()).toBe(8)
  })

  it('waits for orders that came to hold units where nothing was', async () => {
    const { memory, handle, promised } = await openShop(2)
    const orders = ['O-ada', 'O-bo', 'O-cleo', 'O-dan']
    const gathered = await handle(
      spread(1),
      torn(memory, async () => {
        await handle(count(10))
        for (const orderId of orders) await handle(reserve(orderId))
      }),
    )
    expect(gathered).toMatchObject({ ok: false, error: { code: 'SHARDS_HELD' } })
    for (const orderId of orders) expect(await handle(release(orderId))).toMatchObject({ ok: true })
    expect(await promised()).toBe(10)
  })
})

describe('units in a shard that the SKU does not name any more', () => {
  /** As a version of the shop left it that did not look at shards when they ended. */
  async function strand() {
    const shop = await openShop(8)
    const held = await shop.handle(reserve('O-ada'))
    const reservation = held.ok ? held.value.reservation : undefined
    const shard = reservation?.status === 'HELD' ? reservation.held[0]?.lines[0]?.shard : undefined
    const main = readStockRow(await shop.memory.get(stockKey('TEE')))
    await shop.memory.commit({ rows: [stockRow('TEE', { ...main, stock: { ...main.stock, shards: 1 } })] })
    return { ...shop, stream: stockStream(shardName('TEE', shard ?? 0)), shard }
  }

  it('are given back by the order that holds them, and gathered once more', async () => {
    const { handle, promised, memory, stream, shard } = await strand()
    expect(shard).toBeGreaterThan(0)
    expect(await handle(release('O-ada'))).toMatchObject({ ok: true, value: { changed: true } })
    expect((await memory.load(stream)).at(-1)?.data).toMatchObject({ movement: 'RELEASED', shard })
    await handle(spread(1))
    expect(await promised()).toBe(8)
  })

  it('are shipped from there', async () => {
    const { handle, memory, stream } = await strand()
    const of = { shipmentId: 'S-1', locationId: 'DC-MILAN', shippedAt: 5 }
    await handle({ kind: 'ship', orderId: 'O-ada', lines: [line('TEE', 1)], ...of })
    const [posting] = ((await memory.load(stream)).at(-1)?.data['postings'] ?? []) as readonly unknown[]
    expect(posting).toMatchObject({ from: 'RESERVED', to: 'CUSTOMER', quantity: 1 })
  })
})
