import { describe, expect, it } from '@jest/globals'
import type { EventDelivery } from '@stoa/schema/events'
import fc from 'fast-check'
import {
  atRome,
  berlin,
  everywhere,
  leipzig,
  line,
  milan,
  rome,
  stockOf,
  toGermany,
  toItaly,
} from './goods.fixture.ts'
import type { Location } from './location.ts'
import { type SourceRequest, sourceOrder } from './source-order.ts'
import { levelAt, promisable } from './stock.ts'

function allocated(request: Omit<SourceRequest, 'locations'>): readonly string[] {
  const sourced = sourceOrder({ ...request, locations: everywhere })
  if (!sourced.ok) throw new Error('Expected a plan.')
  return sourced.value.allocations.map(
    ({ locationId, lines }) =>
      `${locationId}: ${lines.map(({ sku, quantity }) => `${quantity} ${sku}`).join(', ')}`,
  )
}

describe('sourceOrder', () => {
  it('prefers the distribution centre in the country of the destination', () => {
    const stock = stockOf({ TEE: { 'DC-MILAN': 5, 'DC-LEIPZIG': 5, 'ST-ROME': 5, 'ST-BERLIN': 5 } })
    const lines = [line('TEE', 2)]
    expect(allocated({ lines, stock, delivery: toItaly })).toEqual(['DC-MILAN: 2 TEE'])
    expect(allocated({ lines, stock, delivery: toGermany })).toEqual(['DC-LEIPZIG: 2 TEE'])
  })

  it('prefers one location that holds everything, a far centre before a near store', () => {
    const stock = stockOf({
      TEE: { 'DC-MILAN': 1, 'DC-LEIPZIG': 2, 'ST-ROME': 2 },
      MUG: { 'DC-LEIPZIG': 1, 'ST-ROME': 1 },
    })
    expect(allocated({ lines: [line('TEE', 2), line('MUG', 1)], stock, delivery: toItaly })).toEqual([
      'DC-LEIPZIG: 2 TEE, 1 MUG',
    ])
  })

  it('prefers a store that holds everything to a split over centres', () => {
    const stock = stockOf({ TEE: { 'DC-MILAN': 1, 'DC-LEIPZIG': 1, 'ST-BERLIN': 2 } })
    expect(allocated({ lines: [line('TEE', 2)], stock, delivery: toItaly })).toEqual(['ST-BERLIN: 2 TEE'])
  })

  it('splits over as few as it can find, the one that covers most first', () => {
    const stock = stockOf({ TEE: { 'DC-MILAN': 1, 'DC-LEIPZIG': 3, 'ST-ROME': 2 }, MUG: { 'ST-ROME': 2 } })
    expect(allocated({ lines: [line('TEE', 5), line('MUG', 1)], stock, delivery: toItaly })).toEqual([
      'DC-LEIPZIG: 3 TEE',
      'ST-ROME: 2 TEE, 1 MUG',
    ])
  })

  it('keeps safety stock back', () => {
    const stock = stockOf({ TEE: { 'DC-MILAN': [5, 4], 'ST-ROME': [3, 1] } })
    expect(allocated({ lines: [line('TEE', 2)], stock, delivery: toItaly })).toEqual(['ST-ROME: 2 TEE'])
    const short = sourceOrder({ lines: [line('TEE', 4)], stock, delivery: toItaly, locations: everywhere })
    expect(short).toEqual({ ok: false, error: [{ sku: 'TEE', requested: 4, available: 3 }] })
  })

  it('takes a pickup from its store or not at all', () => {
    const stock = stockOf({ TEE: { 'DC-MILAN': 9, 'ST-ROME': 1 } })
    expect(allocated({ lines: [line('TEE', 1)], stock, delivery: atRome })).toEqual(['ST-ROME: 1 TEE'])
    const short = sourceOrder({ lines: [line('TEE', 2)], stock, delivery: atRome, locations: everywhere })
    expect(short).toEqual({ ok: false, error: [{ sku: 'TEE', requested: 2, available: 1 }] })
    const nowhere: EventDelivery = { method: 'PICKUP' }
    expect(sourceOrder({ lines: [line('TEE', 1)], stock, delivery: nowhere, locations: everywhere }).ok).toBe(
      false,
    )
  })

  it('says for every location why or why not, best ranked first', () => {
    const stock = stockOf({ TEE: { 'DC-LEIPZIG': 2, 'ST-ROME': 2, 'ST-BERLIN': 1 } })
    const sourced = sourceOrder({ lines: [line('TEE', 2)], stock, delivery: toItaly, locations: everywhere })
    expect(sourced.ok && sourced.value.reasons).toEqual([
      { locationId: 'DC-MILAN', verdict: 'HAS_NONE', distanceKm: expect.closeTo(353, 0) },
      { locationId: 'DC-LEIPZIG', verdict: 'HOLDS_EVERYTHING', distanceKm: expect.closeTo(928, 0) },
      { locationId: 'ST-ROME', verdict: 'RANKED_LOWER', distanceKm: expect.closeTo(129, 0) },
      { locationId: 'ST-BERLIN', verdict: 'HOLDS_TOO_LITTLE', distanceKm: expect.closeTo(1064, 0) },
    ])
  })

  it('allocates exactly what was ordered and never more than may be promised', () => {
    fc.assert(
      fc.property(orders, (request) => {
        const sourced = sourceOrder(request)
        const wanted = sum(request.lines.map(({ sku, quantity }) => [sku, quantity]))
        if (!sourced.ok) return expectShortages(request, wanted)
        const { allocations } = sourced.value
        const lines = allocations.flatMap((part) => part.lines)
        expect(sum(lines.map((one) => [one.lineId, one.quantity]))).toEqual(
          sum(request.lines.map((one) => [one.lineId, one.quantity])),
        )
        for (const { locationId, lines: taken } of allocations) {
          for (const [sku, units] of sum(taken.map((one) => [one.sku, one.quantity]))) {
            expect(units).toBeLessThanOrEqual(promisableAt(request, sku, locationId))
          }
        }
        expect(new Set(allocations.map(({ locationId }) => locationId)).size).toBe(allocations.length)
        expect(sourceOrder(request)).toEqual(sourced)
      }),
      { numRuns: 500 },
    )
  })
})

const skus = ['TEE', 'MUG', 'CAP'] as const
const levels = fc.record({
  'DC-MILAN': fc.tuple(fc.nat(6), fc.nat(2)),
  'DC-LEIPZIG': fc.tuple(fc.nat(6), fc.nat(2)),
  'ST-ROME': fc.tuple(fc.nat(3), fc.nat(2)),
  'ST-BERLIN': fc.tuple(fc.nat(3), fc.nat(2)),
})
const orders: fc.Arbitrary<SourceRequest> = fc.record({
  lines: fc
    .array(fc.tuple(fc.constantFrom(...skus), fc.integer({ min: 1, max: 8 })), { minLength: 1, maxLength: 6 })
    .map((drawn) => drawn.map(([sku, quantity], i) => line(sku, quantity, `line-${i}`))),
  delivery: fc.constantFrom(toItaly, toGermany, atRome),
  locations: fc.constant<readonly Location[]>([milan, leipzig, rome, berlin]),
  stock: fc.record({ TEE: levels, MUG: levels, CAP: levels }).map(stockOf),
})

function expectShortages(request: SourceRequest, wanted: ReadonlyMap<string, number>): void {
  const places = request.delivery.method === 'PICKUP' ? [rome] : everywhere
  const short = [...wanted].filter(([sku, units]) => {
    return places.reduce((free, { locationId }) => free + promisableAt(request, sku, locationId), 0) < units
  })
  expect(short).not.toEqual([])
}

function promisableAt({ stock }: SourceRequest, sku: string, locationId: string): number {
  const state = stock.get(sku)
  return state ? promisable(levelAt(state, locationId)) : 0
}

function sum(pairs: readonly (readonly [string, number])[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const [key, units] of pairs) sums.set(key, (sums.get(key) ?? 0) + units)
  return sums
}
