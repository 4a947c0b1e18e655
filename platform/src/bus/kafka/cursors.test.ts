import { describe, expect, it } from '@jest/globals'
import { createVirtualClock } from '../../clock.virtual.ts'
import type { ConsumerChange } from '../bus-log.ts'
import { createCursorPace } from './cursors.ts'
import type { StateWord } from './state.ts'

const lease = { consumer: 'c', owner: 'ada', fence: 7 }

function changeTo(cursor: number, more: Partial<ConsumerChange> = {}): ConsumerChange {
  return { lease, cursor, put: [], drop: [], dead: [], replays: [], ...more }
}

describe('how often a cursor is written', () => {
  it('is at once for the first, then with whatever else there is to say, or after a while', async () => {
    const clock = createVirtualClock()
    const said: StateWord[] = []
    using pace = createCursorPace({ clock, say: async (words) => void said.push(...words) })
    expect(pace.pace(changeTo(1)).cursor).toBe(1)
    expect(pace.pace(changeTo(2)).cursor).toBeUndefined()
    expect(pace.pace(changeTo(3)).cursor).toBeUndefined()
    const drop = [{ position: 1, run: '' }]
    expect(pace.pace(changeTo(4, { drop })).cursor).toBe(4)
    expect(pace.pace(changeTo(5)).cursor).toBeUndefined()
    clock.advance(100)
    expect(said.map(({ value, fence }) => [value, fence])).toEqual([[5, 7]])
  })

  it('is at the latest with the last word of the owner, and not for another one', () => {
    using pace = createCursorPace({ clock: createVirtualClock(), say: async () => {} })
    pace.pace(changeTo(1))
    pace.pace(changeTo(2))
    expect(pace.take({ ...lease, fence: 8 })).toEqual([])
    pace.pace(changeTo(3))
    expect(pace.take(lease).map(({ value }) => value)).toEqual([3])
    expect(pace.take(lease)).toEqual([])
  })

  it('is later when it fails, unless it has moved on meanwhile', async () => {
    const clock = createVirtualClock()
    const said: unknown[] = []
    let fail = (_: Error): void => {}
    using pace = createCursorPace({
      clock,
      say(words) {
        said.push(...words.map(({ value }) => value))
        return new Promise((_, reject) => {
          fail = reject
        })
      },
    })
    pace.pace(changeTo(1))
    pace.pace(changeTo(2))
    const first = pace.flush()
    fail(new Error('away'))
    await first
    const second = pace.flush()
    pace.pace(changeTo(5, { drop: [{ position: 1, run: '' }] }))
    fail(new Error('away'))
    await second
    await pace.flush()
    expect(said).toEqual([2, 2])
  })
})
