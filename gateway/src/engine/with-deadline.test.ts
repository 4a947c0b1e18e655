import { describe, expect, it } from '@jest/globals'
import type { Clock } from '@stoa/platform/clock'
import { createDeadlines } from './with-deadline.ts'

interface Planned {
  readonly at: number
  readonly run: () => void
}

/** Time that stands still until it is moved. */
function stoppedClock(): Clock & { moveTo(now: number): void; readonly timers: ReadonlySet<Planned> } {
  const timers = new Set<Planned>()
  let present = 0
  return {
    timers,
    now: () => present,
    schedule(at, run) {
      const timer = { at, run }
      timers.add(timer)
      return { cancel: () => void timers.delete(timer) }
    },
    moveTo(now) {
      present = now
      for (const timer of timers)
        if (timer.at <= now) {
          timers.delete(timer)
          timer.run()
        }
    },
  }
}

const never = (): Promise<never> => new Promise(() => {})

describe('deadlines that are kept together', () => {
  it('let through what comes in time, answers and faults, and need one timer for all', async () => {
    const clock = stoppedClock()
    const { within } = createDeadlines(clock)
    const broken = new Error('broken')
    const waits = [
      within(100, async () => 'ada'),
      within(200, async () => Promise.reject(broken)),
      within(50, async () => 'bo'),
    ]
    expect(clock.timers.size).toBe(1)
    expect(await Promise.allSettled(waits)).toEqual([
      { status: 'fulfilled', value: 'ada' },
      { status: 'rejected', reason: broken },
      { status: 'fulfilled', value: 'bo' },
    ])
  })

  it('end what never comes, each at its own time', async () => {
    const clock = stoppedClock()
    const { within } = createDeadlines(clock)
    const ended: string[] = []
    const wait = (name: string, deadline: number): Promise<unknown> =>
      within(deadline, never).catch(({ code }) => ended.push(`${name} ${code}`))
    const [late, early] = [wait('late', 100), wait('early', 10)]
    clock.moveTo(20)
    await early
    expect(ended).toEqual(['early DEADLINE_EXCEEDED'])
    clock.moveTo(120)
    await late
    expect(ended).toEqual(['early DEADLINE_EXCEEDED', 'late DEADLINE_EXCEEDED'])
    expect(clock.timers.size).toBe(0)
  })
})
