import { describe, expect, it } from '@jest/globals'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import type { EventStore, Transaction } from '@stoa/platform/event-store'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import type { CommandPorts } from '@stoa/platform/handle-command'
import { type Random, seededRandom } from '@stoa/platform/random'
import type { RowKey } from '@stoa/platform/table-store'
import type { EventQuantity } from '@stoa/schema/events'
import type { StockCommand } from './domain/decide.ts'
import { everywhere, line, toItaly } from './domain/goods.fixture.ts'
import { handleStockCommand } from './handle-stock-command.ts'
import { importStock } from './import.ts'
import { readStockViews } from './stock-view.ts'

const meta = { correlationId: 'test' }

/** Chance that always says the same, to know which shard is asked. */
function always(chance: number): Random {
  return { ...seededRandom(1), next: () => chance }
}

async function openShop(skus: readonly string[], onHand: number, chance: number = 0.5) {
  const clock = createVirtualClock()
  const memory = openMemoryStore({ clock })
  const levels = [{ locationId: 'DC-MILAN', onHand }]
  await importStock(
    memory,
    skus.map((sku) => ({ sku, levels })),
    { at: 1 },
  )
  const reads: (readonly string[])[] = []
  const commits: Transaction[] = []
  /** What happens right before the next reads. */
  const meanwhile: (() => Promise<void>)[] = []
  const store: EventStore = {
    ...memory,
    async getMany(keys: readonly RowKey[]) {
      await meanwhile.shift()?.()
      reads.push(keys.map(({ table, partition }) => `${table}/${partition}`))
      return await memory.getMany(keys)
    },
    async commit(transaction) {
      commits.push(transaction)
      return await memory.commit(transaction)
    },
  }
  const ports = { store, clock, random: always(chance) }
  return { ports, memory, reads, commits, meanwhile }
}

async function spread(ports: CommandPorts, shards: number): Promise<void> {
  const command: StockCommand = { kind: 'spread', reference: 'operator:cleo', sku: 'TEE', shards }
  await handleStockCommand(ports, { command, meta })
}

async function reserve(ports: CommandPorts, orderId: string, ...lines: readonly EventQuantity[]) {
  const of = { delivery: toItaly, locations: everywhere, expiresAt: 10 }
  const outcome = await handleStockCommand(ports, {
    command: { kind: 'reserve', orderId, lines, ...of },
    meta,
  })
  return outcome.ok ? outcome.value.reservation : undefined
}

describe('an order for a SKU that is spread', () => {
  it('reads and writes one shard, and says in the reservation which', async () => {
    const { ports, reads, commits } = await openShop(['TEE'], 32)
    await spread(ports, 16)
    reads.length = 0
    commits.length = 0
    const reservation = await reserve(ports, 'O-ada', line('TEE', 2))
    expect(reads).toEqual([['stock/TEE'], ['stock-shards/TEE~8']])
    expect(commits).toHaveLength(1)
    expect(commits[0]?.appends?.map(({ stream }) => stream)).toEqual(['stock-TEE~8', 'reservation-O-ada'])
    expect(commits[0]?.appends?.[0]?.events.map(({ type }) => type)).toEqual(['StockMoved'])
    expect(reservation).toMatchObject({ held: [{ lines: [{ sku: 'TEE', quantity: 2, shard: 8 }] }] })
    expect(commits[0]?.appends?.[1]?.events[0]?.data).toEqual({
      orderId: 'O-ada',
      allocations: [{ locationId: 'DC-MILAN', lines: [line('TEE', 2)] }],
    })
  })

  it('is refused only when all shards, read in one batch, showed too little', async () => {
    const { ports, reads } = await openShop(['TEE'], 7)
    await spread(ports, 4)
    expect(await reserve(ports, 'O-ada', line('TEE', 7))).toMatchObject({ status: 'HELD' })
    reads.length = 0
    expect(await reserve(ports, 'O-bo', line('TEE', 1))).toEqual({ status: 'REJECTED' })
    const shards = ['stock/TEE', 'stock-shards/TEE~1', 'stock-shards/TEE~2', 'stock-shards/TEE~3']
    expect(reads).toEqual([['stock/TEE'], ['stock-shards/TEE~2'], ['stock/TEE'], shards])
  })

  it('looks at every shard though there are more of them than a moment ago', async () => {
    const { ports, memory, meanwhile, reads } = await openShop(['TEE'], 8, 0)
    await spread(ports, 2)
    const other = { ...ports, store: memory }
    // The row of the SKU is read, by chance its shard 0; again to see all; and now the shards that it named.
    const nothing = async (): Promise<void> => {}
    meanwhile.push(nothing, nothing, () => spread(other, 8))
    expect(await reserve(ports, 'O-ada', line('TEE', 8))).toMatchObject({ status: 'HELD' })
    expect(reads.slice(-2).map(({ length }) => length)).toEqual([2, 8])
    const [view] = await readStockViews(memory, ['TEE'])
    expect(view?.availableToPromise).toBe(0)
  })

  it('does not sell the safety stock that shard 0 lacks', async () => {
    const { ports, memory } = await openShop([], 0)
    const levels = [{ locationId: 'DC-MILAN', onHand: 10, safetyStock: 4 }]
    await importStock(memory, [{ sku: 'TEE', levels }], { at: 1 })
    await spread(ports, 2)
    const of = { orderId: 'O-lost', shipmentId: 'S-1', locationId: 'DC-MILAN', shippedAt: 5 }
    const ship: StockCommand = { kind: 'ship', lines: [line('TEE', 6)], ...of }
    await handleStockCommand(ports, { command: ship, meta })
    expect(await reserve(ports, 'O-ada', line('TEE', 1))).toEqual({ status: 'REJECTED' })
  })

  it('is rejected without a shortage when it needs more streams than a transaction has room for', async () => {
    const skus = Array.from({ length: 90 }, (_, i) => `SKU-${i}`)
    const { ports, memory } = await openShop(['TEE', ...skus], 16)
    await spread(ports, 16)
    const lines = [line('TEE', 16), ...skus.map((sku) => line(sku, 1))]
    expect(await reserve(ports, 'O-ada', ...lines)).toEqual({ status: 'REJECTED' })
    const [told] = await memory.load('reservation-O-ada')
    expect(told?.data).toEqual({ orderId: 'O-ada', shortages: [] })
    expect(await reserve(ports, 'O-bo', ...lines.slice(1), line('TEE', 1))).toMatchObject({ status: 'HELD' })
  })
})
