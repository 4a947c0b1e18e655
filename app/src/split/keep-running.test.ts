import { describe, expect, it } from '@jest/globals'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import { silentLog } from '@stoa/platform/log'
import type { Child } from './child-process.ts'
import { keepRunning } from './keep-running.ts'

/** A process that ends when it is told to. */
function fakeChild(pid: number): Child & { end(how: string): void } {
  const { promise, resolve } = Promise.withResolvers<string>()
  return {
    ...{ role: 'orders', pid, ended: promise },
    end: resolve,
    send: () => {},
    next: () => Promise.reject(new Error('says nothing')),
    async [Symbol.asyncDispose]() {
      resolve('orders ended (SIGTERM)')
    },
  }
}

function keepFake(serves: () => Promise<void> = async () => {}) {
  const clock = createVirtualClock()
  const started = [fakeChild(1)]
  const begin = (): Child => {
    const child = fakeChild(started.length + 1)
    started.push(child)
    return child
  }
  const [child] = started
  if (!child) throw new Error('The first one runs.')
  const kept = keepRunning({ clock, log: silentLog, child, begin, serves })
  /** Ends the newest and lets the wait that follows pass. */
  const endAfter = async (ms: number): Promise<void> => {
    started.at(-1)?.end('orders ended (SIGKILL)')
    await turns()
    clock.advance(ms)
    await turns()
  }
  return { kept, clock, started, endAfter }
}

async function turns(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve))
}

describe('a process of the split shop that ends', () => {
  it('is started again after 0.2 s', async () => {
    const { kept, started, endAfter } = keepFake()
    await endAfter(199)
    expect(started).toHaveLength(1)
    await endAfter(1)
    expect(kept.pid()).toBe(2)
  })

  it('is started five times a minute with longer and longer waits, then given up with the reason', async () => {
    const { kept, started, endAfter } = keepFake()
    for (const wait of [200, 400, 800, 1_600, 3_200]) await endAfter(wait)
    expect(started).toHaveLength(6)
    await endAfter(0)
    expect(await kept.givenUp).toBe(
      'orders ended (SIGKILL), after 5 restarts within a minute. Its own output says why.',
    )
  })

  it('has its five restarts again after a quiet minute', async () => {
    const { kept, clock, endAfter } = keepFake()
    for (const wait of [200, 400, 800, 1_600, 3_200]) await endAfter(wait)
    clock.advance(60_001)
    await endAfter(200)
    expect(kept.pid()).toBe(7)
  })

  it('counts a start that fails, and ends what it started', async () => {
    const { kept, clock, started } = keepFake(() => Promise.reject(new Error('its port is taken')))
    started[0]?.end('orders ended (SIGKILL)')
    for (const wait of [200, 400, 800, 1_600, 3_200]) {
      await turns()
      clock.advance(wait)
    }
    expect(await kept.givenUp).toContain('5 restarts')
    for (const child of started) expect(await child.ended).toContain('ended')
  })

  it('is not started again once it was let go', async () => {
    const { kept, started, endAfter } = keepFake()
    kept.letGo()
    await endAfter(10_000)
    expect(started).toHaveLength(1)
  })
})
