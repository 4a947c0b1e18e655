import { expect, it } from '@jest/globals'
import type { EventOf } from '@stoa/schema/events'
import fc from 'fast-check'
import { decide, type StockCommand } from './decide.ts'
import type { World } from './decision.ts'
import { everywhere, line, stockOf, toItaly } from './goods.fixture.ts'
import { noReservation, type Reservation } from './reservation.ts'
import { MAX_SHARDS, mergeShards, type Shard, shardName } from './shards.ts'
import { availableToPromise, evolveStock, type Level, noStock, type Stock, type StockFact } from './stock.ts'
import { stockCommands } from './stock-commands.contract.ts'

type Moved = EventOf<'StockMoved'>['data']

const opening = {
  TEE: { 'DC-MILAN': 7, 'ST-ROME': [3, 1] },
  MUG: { 'DC-LEIPZIG': 4, 'ST-BERLIN': 2 },
} as const

/** A shop whose SKUs may be spread, every stream by its name; with `spreads` off it keeps one stream a SKU. */
function createShop(spreads: boolean) {
  const streams = new Map<string, Stock>(stockOf(opening))
  const reservations = new Map<string, Reservation>()
  const ledger: Moved[] = []
  let turn = 0

  function shardsOf(sku: string, least: number = 1): readonly Shard[] {
    const count = Math.max(least, streams.get(sku)?.shards ?? 1)
    return Array.from({ length: count }, (_, number) => {
      return { number, stock: streams.get(shardName(sku, number)) ?? noStock }
    })
  }

  function record(name: string, facts: readonly StockFact[]): void {
    for (const fact of facts) if (fact.type === 'StockMoved') ledger.push(fact.data)
    streams.set(name, facts.reduce(evolveStock, streams.get(name) ?? noStock))
  }

  function worldFor(command: StockCommand): World {
    const all = Object.keys(opening).map((sku) => {
      const least = command.kind === 'spread' && command.sku === sku ? command.shards : 1
      return [sku, shardsOf(sku, least)] as const
    })
    const stock = new Map(all.map(([sku, shards]) => [sku, mergeShards(shards)]))
    turn += 1
    const spread = all.filter(([, { length }]) => length > 1)
    const shards = new Map(spread.map(([sku, list]) => [sku, turned(list, turn % list.length)]))
    const reservation = reservations.get(orderOf(command)) ?? noReservation
    return { stock, reservation, ...(shards.size > 0 && { shards }) }
  }

  return {
    streams,
    ledger,
    handle(command: StockCommand): boolean {
      if (command.kind === 'spread' && !spreads) return true
      const decided = decide(worldFor(command), command)
      if (!decided.ok) return false
      for (const [name, facts] of decided.value.stock) record(name, facts)
      if (decided.value.reservation) reservations.set(orderOf(command), decided.value.reservation)
      return true
    },
    whole: (sku: string) => mergeShards(shardsOf(sku)),
    statuses: () => [...reservations].map(([orderId, { status }]) => [orderId, status]),
  }
}

function turned<T>(list: readonly T[], by: number): readonly T[] {
  return [...list.slice(by), ...list.slice(0, by)]
}

function orderOf(command: StockCommand): string {
  return 'orderId' in command ? command.orderId : ''
}

type Shop = ReturnType<typeof createShop>

const reference = fc.constant('operator:cleo')
const spreads = fc.record({
  kind: fc.constant('spread' as const),
  reference,
  sku: fc.constantFrom('TEE', 'MUG'),
  shards: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: MAX_SHARDS })),
})

/** Orders from several shards, then a count that does not find what they hold: what is missing is of the whole shelf. */
const shortCounts = fc
  .tuple(
    fc.integer({ min: 2, max: 4 }),
    fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 }),
    fc.nat(3),
  )
  .map(([shards, orders, counted]): readonly StockCommand[] => [
    { kind: 'spread', reference: 'operator:cleo', sku: 'TEE', shards },
    ...orders.map((quantity, i) => held(['O-ada', 'O-bo', 'O-cleo'][i] ?? 'O-dora', quantity)),
    { kind: 'count', reference: 'count', sku: 'TEE', locationId: 'DC-MILAN', counted, countedAt: 25 },
  ])

const others = fc.oneof({ weight: 4, arbitrary: stockCommands }, { weight: 1, arbitrary: spreads })
const histories = fc
  .tuple(fc.oneof(fc.constant([]), shortCounts), fc.array(others, { maxLength: 30 }))
  .map(([first, rest]) => [...first, ...rest])

function held(orderId: string, quantity: number): StockCommand {
  const of = { delivery: toItaly, locations: everywhere, expiresAt: 30 }
  return { kind: 'reserve', orderId, lines: [line('TEE', quantity, 'line-0')], ...of }
}

it('spread over any number of shards a SKU is what it would be in one stream, whatever happens', () => {
  fc.assert(
    fc.property(histories, (commands) => {
      const spread = createShop(true)
      const plain = createShop(false)
      for (const command of commands) {
        const done = spread.handle(command)
        expect(plain.handle(command) || command.kind === 'spread').toBe(done || command.kind === 'spread')
        expectSame(spread, plain)
      }
    }),
    { numRuns: 150 },
  )
})

it('no account of a shard falls below zero, transfers sum to zero, and the ledgers sum to the levels', () => {
  fc.assert(
    fc.property(histories, (commands) => {
      const shop = createShop(true)
      for (const command of commands) {
        shop.handle(command)
        for (const { levels } of shop.streams.values())
          for (const level of levels.values()) expectSound(level)
        expectBooked(shop)
      }
    }),
    { numRuns: 100 },
  )
})

it('is gathered in one step once orders hold nothing in its other shards', () => {
  fc.assert(
    fc.property(histories, (commands) => {
      const shop = createShop(true)
      for (const command of commands) shop.handle(command)
      const before = shop.whole('TEE')
      const held = heldOutside(shop)
      const gathered = shop.handle({ kind: 'spread', reference: 'operator:cleo', sku: 'TEE', shards: 1 })
      expect(gathered).toBe(held === 0)
      if (!gathered) return
      expect(shop.streams.get('TEE')?.levels).toEqual(before.levels)
      expect(shop.streams.get('TEE')?.shards).toBe(1)
    }),
    { numRuns: 100 },
  )
})

function expectSame(spread: Shop, plain: Shop): void {
  expect(spread.statuses()).toEqual(plain.statuses())
  for (const sku of Object.keys(opening)) {
    expect(sorted(spread.whole(sku).levels)).toEqual(sorted(plain.whole(sku).levels))
    expect(availableToPromise(spread.whole(sku))).toBe(availableToPromise(plain.whole(sku)))
  }
}

function expectSound({ available, reserved, missing }: Level): void {
  expect(Math.min(available, reserved, missing)).toBeGreaterThanOrEqual(0)
  expect(missing).toBeLessThanOrEqual(reserved)
  expect(missing === 0 || available === 0).toBe(true)
}

/** By the ledger alone: what is on hand came from outside, and nothing is on its way between shards. */
function expectBooked({ ledger, whole }: Shop): void {
  for (const sku of ['TEE', 'MUG'] as const) {
    const postings = ledger.filter((moved) => moved.sku === sku).flatMap((moved) => moved.postings)
    const balance = (accounts: readonly string[]): number =>
      postings.reduce((sum, { from, to, quantity }) => {
        return sum + (accounts.includes(to) ? quantity : 0) - (accounts.includes(from) ? quantity : 0)
      }, 0)
    expect(balance(['TRANSFER'])).toBe(0)
    const opened = sku === 'TEE' ? 10 : 6
    expect(opened + balance(['AVAILABLE', 'RESERVED'])).toBe(onHand(whole(sku)))
    for (const { quantity } of postings) expect(quantity).toBeGreaterThan(0)
  }
}

function onHand({ levels }: Stock): number {
  return levels.values().reduce((sum, { available, reserved }) => sum + available + reserved, 0)
}

function heldOutside({ streams }: Shop): number {
  const others = [...streams].filter(([name]) => name.startsWith('TEE~'))
  return others.reduce((sum, [, { levels }]) => {
    return sum + levels.values().reduce((held, { reserved }) => held + reserved, 0)
  }, 0)
}

/** A shard may know of a shelf that was looked at while nothing was on it, in another order. */
function sorted(levels: ReadonlyMap<string, Level>): readonly (readonly [string, Level])[] {
  return [...levels].sort(([a], [b]) => (a < b ? -1 : 1))
}
