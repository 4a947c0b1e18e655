import { expect, it } from '@jest/globals'
import type { EventOf } from '@stoa/schema/events'
import fc from 'fast-check'
import { announce, decide, type StockCommand } from './decide.ts'
import { stockOf } from './goods.fixture.ts'
import { noReservation, type Reservation } from './reservation.ts'
import { availableToPromise, evolveStock, noStock, type Stock, type StockFact } from './stock.ts'
import { decodeLevels, encodeLevels } from './stock-code.ts'
import { stockCommands } from './stock-commands.contract.ts'

/** One shop under test: commands go in one by one, and nothing is ever out of order. */
function createShop() {
  let stock = stockOf({ TEE: { 'DC-MILAN': 5, 'ST-ROME': [3, 1] }, MUG: { 'DC-LEIPZIG': 4, 'ST-BERLIN': 2 } })
  const reservations = new Map<string, Reservation>()
  const ledger: EventOf<'StockMoved'>['data'][] = []
  const opened = sumOfLevels(stock)

  function record(sku: string, facts: readonly StockFact[]): void {
    for (const fact of facts) if (fact.type === 'StockMoved') ledger.push(fact.data)
    const moved = facts.reduce(evolveStock, stock.get(sku) ?? noStock)
    stock = new Map(stock).set(sku, announce(sku, moved).reduce(evolveStock, moved))
  }

  return {
    handle(command: StockCommand): void {
      const orderId = 'orderId' in command ? command.orderId : ''
      const reservation = reservations.get(orderId) ?? noReservation
      const decided = decide({ stock, reservation }, command)
      if (!decided.ok) return
      for (const [sku, facts] of decided.value.stock) record(sku, facts)
      if (decided.value.reservation) reservations.set(orderId, decided.value.reservation)
    },
    /** Everything there is to know, for comparing two shops. */
    state: () => [...stock.values()].map(encodeLevels).concat(JSON.stringify([...reservations])),
    check(): void {
      expectSound(stock)
      expect(heldUnits(reservations)).toEqual(reservedUnits(stock))
      expect(sumOfLevels(stock)).toBe(opened + netFlow(ledger))
      for (const { postings } of ledger)
        for (const { quantity } of postings) expect(quantity).toBeGreaterThan(0)
    },
  }
}

it('no sequence of commands takes an account below zero, loses a unit, or forgets who holds what', () => {
  fc.assert(
    fc.property(fc.array(stockCommands, { maxLength: 40 }), (sequence) => {
      const shop = createShop()
      for (const command of sequence) {
        shop.handle(command)
        shop.check()
      }
    }),
    { numRuns: 300 },
  )
})

it('no reservation that ended begins again, and a command told twice changes nothing the second time', () => {
  fc.assert(
    fc.property(fc.array(stockCommands, { maxLength: 20 }), (sequence) => {
      const once = createShop()
      const twice = createShop()
      for (const command of sequence) {
        once.handle(command)
        twice.handle(command)
        if (command.kind !== 'adjust') twice.handle(command)
      }
      once.check()
      twice.check()
      expect(twice.state()).toEqual(once.state())
    }),
    { numRuns: 200 },
  )
})

type Shelves = ReadonlyMap<string, Stock>

function expectSound(stock: Shelves): void {
  for (const state of stock.values()) {
    expect(state.announced).toBe(availableToPromise(state))
    expect(decodeLevels(encodeLevels(state))).toEqual(state.levels)
    for (const { available, reserved, missing } of state.levels.values()) {
      expect(Math.min(available, reserved, missing)).toBeGreaterThanOrEqual(0)
      expect(missing).toBeLessThanOrEqual(reserved)
      expect(missing === 0 || available === 0).toBe(true)
    }
  }
}

function heldUnits(reservations: ReadonlyMap<string, Reservation>): ReadonlyMap<string, number> {
  const held = new Map<string, number>()
  for (const reservation of reservations.values()) {
    if (reservation.status !== 'HELD') continue
    for (const { locationId, lines: parts } of reservation.held)
      for (const { sku, quantity } of parts) add(held, `${sku}@${locationId}`, quantity)
  }
  return sorted(held)
}

function reservedUnits(stock: Shelves): ReadonlyMap<string, number> {
  const reserved = new Map<string, number>()
  for (const [sku, { levels }] of stock)
    for (const [locationId, level] of levels)
      if (level.reserved > 0) add(reserved, `${sku}@${locationId}`, level.reserved)
  return sorted(reserved)
}

function sumOfLevels(stock: Shelves): number {
  let sum = 0
  for (const { levels } of stock.values())
    for (const { available, reserved } of levels.values()) sum += available + reserved
  return sum
}

/** Units that came in from outside, less those that went out: by the ledger alone. */
function netFlow(ledger: readonly EventOf<'StockMoved'>['data'][]): number {
  const inside = new Set(['AVAILABLE', 'RESERVED'])
  let net = 0
  for (const { postings } of ledger)
    for (const { from, to, quantity } of postings)
      net += (inside.has(to) ? quantity : 0) - (inside.has(from) ? quantity : 0)
  return net
}

function add(map: Map<string, number>, key: string, quantity: number): void {
  map.set(key, (map.get(key) ?? 0) + quantity)
}

function sorted(map: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...map].sort(([a], [b]) => (a < b ? -1 : 1)))
}
