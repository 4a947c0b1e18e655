import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { told } from '../contract/bench.contract.ts'
import type { LoggedEvent } from '../eventbridge/items.ts'
import { createSequencer } from './sequencer.ts'

const STREAMS = 3
const EACH = 6

/** Everything published: position, sequence and version go together here. */
const all: readonly LoggedEvent[] = Array.from({ length: STREAMS * EACH }, (_, i) => {
  const sequence = Math.floor(i / STREAMS) + 1
  const event = told(`s-${i % STREAMS}`, sequence)
  const previous = sequence === 1 ? 0 : i + 1 - STREAMS
  return { position: i + 1, previous, sequence, stream: event.stream, event }
})

function open(options: { readonly swept?: number; readonly settled?: readonly number[] } = {}) {
  const swept = options.swept ?? 0
  const settled = new Set(options.settled)
  const taken: LoggedEvent[] = []
  let reads = 0
  const sequencer = createSequencer({
    log: {
      async between(stream, { above, below, abovePosition }) {
        reads += 1
        return all.filter(
          (one) =>
            one.stream === stream &&
            one.sequence > above &&
            one.sequence < below &&
            one.position > abovePosition,
        )
      },
    },
    swept: () => swept,
    began: swept,
    isSettled: (position) => settled.has(position),
    wants: ({ version }) => version !== 4,
    onEvent: (logged) => void taken.push(logged),
  })
  return { sequencer, taken, reads: () => reads }
}

describe('the sequencer', () => {
  it('makes of any arrivals, late, repeated or lost, each event once and in order', async () => {
    const arrivals = fc.array(fc.integer({ min: 0, max: all.length - 1 }), { maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(arrivals, async (order) => {
        const { sequencer, taken } = open()
        for (const i of order) {
          const logged = all[i]
          if (logged) await sequencer.take(logged, async () => true)
        }
        for (let n = 0; n < STREAMS; n++) {
          const newest = Math.max(
            0,
            ...order.filter((i) => i % STREAMS === n).map((i) => all[i]?.sequence ?? 0),
          )
          const versions = taken.filter(({ stream }) => stream === `s-${n}`).map(({ sequence }) => sequence)
          const expected = Array.from({ length: newest }, (_, i) => i + 1).filter((version) => version !== 4)
          expect(versions).toEqual(expected)
        }
      }),
    )
  })

  it('reads nothing when all comes in order', async () => {
    const { sequencer, taken, reads } = open()
    for (const logged of all) await sequencer.take(logged, async () => true)
    expect(reads()).toBe(0)
    expect(taken.length).toBe(all.length - STREAMS)
  })

  it('begins after what is settled, and leaves out what was settled beyond', async () => {
    const { sequencer, taken, reads } = open({ swept: 6, settled: [7] })
    for (const logged of all.filter(({ stream }) => stream === 's-0'))
      await sequencer.take(logged, async () => false)
    expect(taken.map(({ sequence }) => sequence)).toEqual([5, 6])
    expect(reads()).toBe(0)
  })

  it('forgets streams that are settled, and knows their next event all the same', async () => {
    const { sequencer, taken } = open()
    const [first, , , second] = all
    if (!first || !second) throw new Error('two events')
    await sequencer.take(first, async () => true)
    expect(sequencer.hasTaken(first)).toBe(true)
    sequencer.forget(first.position)
    expect(sequencer.hasTaken(first)).toBe(false)
    await sequencer.take(second, async () => true)
    expect(taken.at(-1)).toBe(second)
  })
})
