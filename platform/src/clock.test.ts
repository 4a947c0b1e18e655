import { describe, expect, it } from '@jest/globals'
import { sleep, systemClock } from './clock.ts'
import { createVirtualClock } from './clock.virtual.ts'

describe('the virtual clock', () => {
  it('stands still until it is told to move', () => {
    const clock = createVirtualClock(1000)
    expect([clock.now(), clock.now()]).toEqual([1000, 1000])
    clock.advance(500)
    expect(clock.now()).toBe(1500)
  })

  it('runs what is due in order of time, then of scheduling, at its own time', () => {
    const clock = createVirtualClock(0)
    const ran: string[] = []
    const note = (name: string) => () => void ran.push(`${name}@${clock.now()}`)
    clock.schedule(30, note('c'))
    clock.schedule(10, note('a'))
    clock.schedule(10, note('b'))
    clock.schedule(99, note('late'))
    clock.advance(30)
    expect(ran).toEqual(['a@10', 'b@10', 'c@30'])
    expect(clock.nextAt()).toBe(99)
  })

  it('runs what is scheduled while it moves, when that is due in time', () => {
    const clock = createVirtualClock(0)
    const ran: number[] = []
    const again = (): void => {
      ran.push(clock.now())
      if (ran.length < 3) clock.schedule(clock.now() + 10, again)
    }
    clock.schedule(10, again)
    clock.advance(25)
    expect(ran).toEqual([10, 20])
    clock.advance(5)
    expect(ran).toEqual([10, 20, 30])
  })

  it('runs what was scheduled for the past at once when it moves, never backwards', () => {
    const clock = createVirtualClock(100)
    const ran: number[] = []
    clock.schedule(5, () => ran.push(clock.now()))
    clock.advance(0)
    expect(ran).toEqual([100])
  })

  it('forgets a timer that was cancelled', () => {
    const clock = createVirtualClock(0)
    clock.schedule(10, () => expect('this').toBe('never run')).cancel()
    clock.advance(20)
    expect(clock.nextAt()).toBeUndefined()
  })
})

describe('sleeping', () => {
  it('ends when the time has come', async () => {
    const clock = createVirtualClock(0)
    const sleeping = sleep(clock, 3_600_000)
    clock.advance(3_600_000)
    await sleeping
  })

  it('ends with the reason when it is interrupted, and leaves no timer', async () => {
    const clock = createVirtualClock(0)
    const stop = new AbortController()
    const sleeping = sleep(clock, 1000, stop.signal)
    stop.abort(new Error('closing'))
    await expect(sleeping).rejects.toThrow('closing')
    expect(clock.nextAt()).toBeUndefined()
    await expect(sleep(clock, 1000, stop.signal)).rejects.toThrow('closing')
  })
})

describe('the system clock', () => {
  it('runs in order and not before its time', async () => {
    const start = systemClock.now()
    const ran: string[] = []
    const last = new Promise<void>((resolve) => {
      systemClock.schedule(start + 20, () => {
        ran.push('second')
        resolve()
      })
    })
    systemClock.schedule(start + 5, () => ran.push('first'))
    systemClock.schedule(start + 10, () => ran.push('cancelled')).cancel()
    await last
    expect(ran).toEqual(['first', 'second'])
    expect(systemClock.now() - start).toBeGreaterThanOrEqual(19)
  })

  it('holds a date further away than Node’s timers reach', () => {
    const timer = systemClock.schedule(systemClock.now() + 60 * 24 * 3_600_000, () =>
      expect('now').toBe('in 60 days'),
    )
    timer.cancel()
  })
})
