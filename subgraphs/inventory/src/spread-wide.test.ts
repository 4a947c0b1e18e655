import { expect, it } from '@jest/globals'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import { MAX_TRANSACTION_ITEMS, type Transaction } from '@stoa/platform/event-store'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import { seededRandom } from '@stoa/platform/random'
import type { StockCommand } from './domain/decide.ts'
import { everywhere, line, toItaly } from './domain/goods.fixture.ts'
import type { Reservation } from './domain/reservation.ts'
import { handleStockCommand } from './handle-stock-command.ts'
import { importStock } from './import.ts'

const SHARDS = 16
const UNITS = 16 * SHARDS

/** A shop with these SKUs, some of them spread. */
async function openShop(plain: readonly string[], spread: readonly string[]) {
  const clock = createVirtualClock()
  const memory = openMemoryStore({ clock })
  let largest = 0
  async function commit(transaction: Transaction) {
    const { appends = [], rows = [] } = transaction
    largest = Math.max(
      largest,
      appends.reduce((sum, { events }) => sum + events.length, rows.length),
    )
    return await memory.commit(transaction)
  }
  const ports = { store: { ...memory, commit }, clock, random: seededRandom(1) }
  const levels = [{ locationId: 'DC-MILAN', onHand: UNITS }]
  await importStock(
    memory,
    [...plain, ...spread].map((sku) => ({ sku, levels })),
    { at: 1 },
  )
  async function handle(command: StockCommand): Promise<Reservation['status']> {
    const outcome = await handleStockCommand(ports, { command, meta: { correlationId: 'test' } })
    if (!outcome.ok) throw new Error(`Refused: ${outcome.error.code}`)
    return outcome.value.reservation.status
  }
  for (const sku of spread) await handle({ kind: 'spread', reference: 'operator:cleo', sku, shards: SHARDS })
  return { handle, largest: () => largest }
}

type Shop = Awaited<ReturnType<typeof openShop>>

function reserve({ handle }: Shop, orderId: string, units: Readonly<Record<string, number>>) {
  const lines = Object.entries(units).map(([sku, quantity]) => line(sku, quantity))
  const of = { delivery: toItaly, locations: everywhere, expiresAt: 1e13 }
  return handle({ kind: 'reserve', orderId, lines, ...of })
}

/** Others hold all the rest, and a count finds one unit less in each shard than orders hold there. */
async function loseUnits(shop: Shop, skus: readonly string[], left: number): Promise<void> {
  for (const sku of skus) {
    for (let i = 0; i < left; i++) await reserve(shop, `O-${sku}-${i}`, { [sku]: 1 })
    const of = { sku, locationId: 'DC-MILAN', countedAt: 10 }
    await shop.handle({ kind: 'count', reference: 'count', counted: UNITS - SHARDS, ...of })
  }
}

function named(name: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${name}-${i}`)
}

function oneOf(skus: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(skus.map((sku) => [sku, 1]))
}

it('as wide an order as can be held is given back though units are missing in every shard', async () => {
  const plain = named('SKU', 84)
  const shop = await openShop(plain, ['TEE'])
  expect(await reserve(shop, 'O-bo', { TEE: 12, ...oneOf(plain) })).toBe('REJECTED')
  expect(await reserve(shop, 'O-ada', { TEE: 12, ...oneOf(plain.slice(1)) })).toBe('HELD')
  await loseUnits(shop, ['TEE'], UNITS - 12)
  expect(await shop.handle({ kind: 'release', orderId: 'O-ada', reason: 'CUSTOMER' })).toBe('RELEASED')
  expect(shop.largest()).toBeLessThanOrEqual(MAX_TRANSACTION_ITEMS)
})

it('an order of many spread SKUs is given back though units of all are missing in every shard', async () => {
  const skus = named('TEE', 7)
  const shop = await openShop([], skus)
  const order = Object.fromEntries(skus.map((sku) => [sku, 12]))
  expect(await reserve(shop, 'O-ada', order)).toBe('HELD')
  await loseUnits(shop, skus, UNITS - 12)
  expect(await shop.handle({ kind: 'release', orderId: 'O-ada', reason: 'CUSTOMER' })).toBe('RELEASED')
  expect(shop.largest()).toBeGreaterThan(80)
})
