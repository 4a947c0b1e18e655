import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { StoreBench } from './event-store.contract.ts'
import { seededRandom } from './random.ts'
import { createShardedCounter, type ShardedCounter } from './sharded-counter.ts'
import { appendTo, row } from './store/contract/parts.contract.ts'

interface Op {
  readonly kind: 'draw' | 'put' | 'rebalance'
  readonly units: number
}

const op: fc.Arbitrary<Op> = fc.record({
  kind: fc.constantFrom('draw', 'draw', 'draw', 'draw', 'put', 'rebalance'),
  units: fc.integer({ min: 1, max: 4 }),
})

export interface CounterContract {
  readonly open: () => Promise<StoreBench>
  /** Random histories. */
  readonly runs: number
  /** How many draw at once in the rush. */
  readonly shoppers: number
}

/** What units over several rows promise, on any engine of the event store. */
export function shardedCounterContract({ open, runs, shoppers }: CounterContract): void {
  const counterOf = (bench: StoreBench, shards: number, seed = 1): ShardedCounter =>
    createShardedCounter({ store: bench.store, random: seededRandom(seed), table: 'promise', shards })

  describe('a sharded counter', () => {
    it('sells every unit once, however many want one at once', async () => {
      await using bench = await open()
      const counter = counterOf(bench, 4)
      const supply = Math.floor(shoppers * 0.6)
      await counter.put('SKU-HOT', supply)
      const draws = await Promise.all(
        Array.from({ length: shoppers }, (_, i) => counter.draw('SKU-HOT', 1, { rows: [row(`order-${i}`)] })),
      )
      expect(draws.filter(({ ok }) => ok)).toHaveLength(supply)
      expect(draws.filter(({ ok }) => !ok)).toEqual(
        Array.from({ length: shoppers - supply }, () => ({
          ok: false,
          error: { code: 'SOLD_OUT', left: 0 },
        })),
      )
      expect(await counter.left('SKU-HOT')).toBe(0)
      const orders = await bench.store.query({ table: 'goods', partition: 'shelf', limit: 1000 })
      expect(orders.rows).toHaveLength(supply)
    })

    it('takes from several shards at once when none has enough', async () => {
      await using bench = await open()
      const counter = counterOf(bench, 4)
      await counter.put('SKU-1', 8)
      const drawn = await counter.draw('SKU-1', 7)
      expect(drawn).toMatchObject({ ok: true })
      if (drawn.ok) expect([...drawn.value.from.values()].toSorted()).toEqual([1, 2, 2, 2])
      expect(await counter.draw('SKU-1', 2)).toEqual({ ok: false, error: { code: 'SOLD_OUT', left: 1 } })
      expect(await counter.draw('SKU-1', 1)).toMatchObject({ ok: true })
    })

    it('takes nothing when what was to happen with it cannot', async () => {
      await using bench = await open()
      const counter = counterOf(bench, 2)
      await counter.put('SKU-1', 2)
      const late = { appends: [appendTo('reservation-ada', 3)] }
      const conflict = { ok: false, error: { code: 'CONFLICT', on: ['reservation-ada'] } }
      expect(await counter.draw('SKU-1', 1, late)).toEqual(conflict)
      expect(await counter.left('SKU-1')).toBe(2)
    })

    it('spreads evenly what is put into it and what is left', async () => {
      await using bench = await open()
      const counter = counterOf(bench, 3)
      await counter.put('SKU-1', 9)
      for (let i = 0; i < 5; i++) await counter.draw('SKU-1', 1)
      expect(await counter.rebalance('SKU-1')).toBe(true)
      const keys = [0, 1, 2].map((n) => ({ table: 'promise', partition: `SKU-1#${n}`, sort: 'units' }))
      const units = (await bench.store.getMany(keys)).map((found) => found?.value['units'])
      expect(units).toEqual([2, 1, 1])
    })

    it('never oversells, and after a refusal of n fewer than n are left', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(op, { maxLength: 25 }),
          fc.integer({ min: 1, max: 5 }),
          async (ops, shards) => {
            await using bench = await open()
            const counter = counterOf(bench, shards, ops.length)
            let left = 0
            for (const { kind, units } of ops) {
              left += await applied(counter, kind, units, left)
              expect(await counter.left('SKU-1')).toBe(left)
            }
          },
        ),
        { numRuns: runs },
      )
    })

    it('keeps its sum whatever happens at once', async () => {
      await using bench = await open()
      const counter = counterOf(bench, 3)
      await counter.put('SKU-1', 12)
      const draws = Array.from({ length: 10 }, (_, i) => counter.draw('SKU-1', 1 + (i % 3)))
      const others = [counter.rebalance('SKU-1'), counter.put('SKU-1', 3), counter.rebalance('SKU-1')]
      await Promise.all(others)
      const taken = (await Promise.all(draws)).map((drawn) =>
        drawn.ok ? [...drawn.value.from.values()].reduce((sum, units) => sum + units, 0) : 0,
      )
      expect((await counter.left('SKU-1')) + taken.reduce((sum, units) => sum + units, 0)).toBe(15)
    })
  })
}

/** By how much it changed; a draw succeeds exactly when there are so many. */
async function applied(
  counter: ShardedCounter,
  kind: Op['kind'],
  units: number,
  left: number,
): Promise<number> {
  if (kind === 'rebalance') return (await counter.rebalance('SKU-1')) ? 0 : Number.NaN
  if (kind === 'put') return (await counter.put('SKU-1', units)).ok ? units : Number.NaN
  const drawn = await counter.draw('SKU-1', units)
  expect(drawn.ok).toBe(left >= units)
  return drawn.ok ? -units : 0
}
