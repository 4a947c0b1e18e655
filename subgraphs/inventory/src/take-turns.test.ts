import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import type { EventStore } from '@stoa/platform/event-store'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import type { CommandPorts } from '@stoa/platform/handle-command'
import { seededRandom } from '@stoa/platform/random'
import type { RowKey } from '@stoa/platform/table-store'
import type { StockCommand } from './domain/decide.ts'
import { everywhere, line, toItaly } from './domain/goods.fixture.ts'
import { handleStockCommand } from './handle-stock-command.ts'
import { importStock } from './import.ts'
import { readStockViews } from './stock-view.ts'

const SHARDS = 8
/** Enough that some come to other shards than those that were lost last, which are read at their latest. */
const ORDERS = 4

/** Between each look at all shards and what follows from it some order: there is no quiet moment. */
async function openRush() {
  const memory = openMemoryStore({ clock: systemClock })
  const orders: Promise<string>[] = []
  let rush = false
  async function getMany(keys: readonly RowKey[]) {
    const rows = await memory.getMany(keys)
    if (!rush || keys.length < SHARDS) return rows
    const more = Array.from({ length: ORDERS }, (_, i) => handle(reserve(`O-${orders.length + i}`)))
    orders.push(...more)
    // Orders that wait for room are not waited for.
    await Promise.race([Promise.all(more), aWhile()])
    return rows
  }
  const store: EventStore = { ...memory, getMany }
  const ports: CommandPorts = { store, clock: systemClock, random: seededRandom(1) }
  async function handle(command: StockCommand): Promise<string> {
    const outcome = await handleStockCommand(ports, { command, meta: { correlationId: 'test' } })
    return outcome.ok ? outcome.value.reservation.status : outcome.error.code
  }
  await importStock(memory, [{ sku: 'TEE', levels: [{ locationId: 'DC-MILAN', onHand: 400 }] }], { at: 1 })
  await handle(spread(SHARDS))
  rush = true
  const promised = async () => (await readStockViews(memory, ['TEE']))[0]?.availableToPromise
  return { handle, orders, promised }
}

async function aWhile(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await setImmediate()
}

function spread(shards: number): StockCommand {
  return { kind: 'spread', reference: 'operator:cleo', sku: 'TEE', shards }
}

function count(counted: number, countedAt: number): StockCommand {
  return { kind: 'count', reference: 'count', sku: 'TEE', locationId: 'DC-MILAN', counted, countedAt }
}

function reserve(orderId: string): StockCommand {
  const of = { delivery: toItaly, locations: everywhere, expiresAt: 1e13 }
  return { kind: 'reserve', orderId, lines: [line('TEE', 1)], ...of }
}

describe('in a rush that never pauses', () => {
  it('a count is taken in, and no order is lost for it', async () => {
    const { handle, orders, promised } = await openRush()
    expect(await handle(count(500, 10))).toBe('NONE')
    const statuses = await Promise.all(orders)
    expect(new Set(statuses)).toEqual(new Set(['HELD']))
    expect(await promised()).toBe(500 - orders.length)
  })

  it('counts and spreading at once all get through', async () => {
    const { handle, orders, promised } = await openRush()
    const all = [count(500, 10), spread(12), count(600, 20), spread(16)]
    await Promise.all(all.map(handle))
    await Promise.all(orders)
    expect(await promised()).toBe(600 - orders.length)
  })
})
