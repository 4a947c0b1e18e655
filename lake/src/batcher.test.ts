import { describe, expect, it } from '@jest/globals'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import { Fault } from '@stoa/platform/fault'
import { fact, facts } from '../test/facts.ts'
import type { Batch } from './batch.ts'
import { type BatchLimits, createBatcher } from './batcher.ts'

const wide: BatchLimits = {
  maxEvents: 1000,
  maxBytes: 1_000_000,
  maxAgeMs: 5000,
  maxCollected: 1000,
  maxCollectedBytes: 1_000_000,
}

function bench(limits: Partial<BatchLimits> = {}, write: (batch: Batch) => Promise<void> = async () => {}) {
  const clock = createVirtualClock()
  const batches: Batch[] = []
  const batcher = createBatcher({
    clock,
    limits: { ...wide, ...limits },
    async write(batch) {
      batches.push(batch)
      await write(batch)
    },
  })
  return { clock, batches, batcher }
}

const sizes = (batches: readonly Batch[]): number[] => batches.map(({ events }) => events.length)
/** One type, one day. */
const alike = (count: number) => Array.from({ length: count }, (_, i) => fact(`order-${i}`, 1, 3 * 3 * i))

describe('the batcher', () => {
  it('keeps events until they are old, and then writes one batch for each day and type', async () => {
    const { clock, batches, batcher } = bench()
    const added = facts(9, 9).map(batcher.add)
    clock.advance(4999)
    expect(batches).toEqual([])
    clock.advance(1)
    await Promise.all(added)
    expect(batches.map(({ partition }) => `${partition.day} ${partition.type}`)).toEqual([
      '2026-11-19 OrderCreated',
      '2026-11-20 StockReserved',
      '2026-11-21 PaymentAuthorized',
    ])
    expect(sizes(batches)).toEqual([3, 3, 3])
  })

  it('writes a batch that has enough events, and one that has enough bytes', async () => {
    const many = bench({ maxEvents: 4 })
    for (const event of alike(9)) void many.batcher.add(event)
    expect(sizes(many.batches)).toEqual([4, 4])
    const large = bench({ maxBytes: 300 })
    for (const event of alike(9)) void large.batcher.add(event)
    expect(sizes(large.batches)).toEqual([4, 4])
  })

  it('writes everything when too much waits together', async () => {
    const { batches, batcher } = bench({ maxCollected: 6 })
    await Promise.all(facts(6, 6).map(batcher.add))
    expect(sizes(batches)).toEqual([2, 2, 2])
  })

  it('resolves an event when its own batch is written, not before', async () => {
    const gate = Promise.withResolvers<void>()
    const { clock, batcher } = bench({}, () => gate.promise)
    let kept = false
    const added = batcher.add(fact('order-1', 1, 0)).then(() => {
      kept = true
    })
    clock.advance(5000)
    await new Promise(setImmediate)
    expect(kept).toBe(false)
    gate.resolve()
    await added
    expect(kept).toBe(true)
  })

  it('rejects the events of a batch that could not be written, and no others', async () => {
    const { clock, batcher } = bench({}, async ({ partition }) => {
      if (partition.type === 'StockReserved') throw new Fault('STORE_UNAVAILABLE', 'away')
    })
    const added = facts(3, 3).map(batcher.add)
    clock.advance(5000)
    const outcomes = await Promise.allSettled(added)
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  it('takes an event that is told twice once', async () => {
    const { clock, batches, batcher } = bench()
    const added = [batcher.add(fact('order-1', 1, 0)), batcher.add(fact('order-1', 1, 0))]
    clock.advance(5000)
    await Promise.all(added)
    expect(sizes(batches)).toEqual([1])
  })

  it('names a batch by what is in it, whatever order it came in', async () => {
    const one = bench()
    const other = bench()
    for (const event of alike(9)) void one.batcher.add(event)
    for (const event of alike(9).reverse()) void other.batcher.add(event)
    one.batcher.hurry()
    other.batcher.hurry()
    expect(one.batches).toEqual(other.batches)
    expect(one.batches).toHaveLength(1)
  })

  it('waits for nothing once it is told to hurry', async () => {
    const { batches, batcher } = bench()
    const first = batcher.add(fact('order-1', 1, 0))
    batcher.hurry()
    await Promise.all([first, batcher.add(fact('order-2', 1, 0))])
    expect(sizes(batches)).toEqual([1, 1])
  })

  it('writes early when the bus gives no more before it does', async () => {
    const { clock, batches, batcher } = bench()
    for (const event of alike(50)) void batcher.add(event)
    clock.advance(249)
    expect(batches).toEqual([])
    clock.advance(1)
    expect(sizes(batches)).toEqual([50])
  })

  it('writes early while events stand behind each other in a stream', async () => {
    const { clock, batches, batcher } = bench()
    void batcher.add(fact('order-1', 1, 0))
    clock.advance(5000)
    await new Promise(setImmediate)
    void batcher.add(fact('order-1', 2, 0))
    clock.advance(250)
    expect(sizes(batches)).toEqual([1, 1])
  })

  it('does not hurry for the few that come now and then', async () => {
    const { clock, batches, batcher } = bench()
    void batcher.add(fact('order-1', 1, 0))
    clock.advance(1000)
    void batcher.add(fact('order-2', 1, 0))
    clock.advance(3999)
    expect(batches).toEqual([])
  })
})
