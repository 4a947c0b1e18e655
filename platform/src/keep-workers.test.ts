import { describe, expect, it } from '@jest/globals'
import { createVirtualClock, type VirtualClock } from './clock.virtual.ts'
import { Fault } from './fault.ts'
import { keepWorkers, type Workers } from './keep-workers.ts'
import { silentLog } from './log.ts'
import type { Worker } from './worker.ts'

interface FakeWorker extends Worker<string, string> {
  readonly told: readonly string[]
  die(): void
}

function fakeWorker(pid: number): FakeWorker {
  const ended = Promise.withResolvers<string>()
  const told: string[] = []
  return {
    ...{ pid, told, ended: ended.promise },
    die: () => ended.resolve(`worker ${pid} ended (SIGKILL)`),
    async ask(what) {
      told.push(what)
      return what
    },
    tell: (what) => void told.push(what),
    async [Symbol.asyncDispose]() {
      ended.resolve(`worker ${pid} ended (exit code 0)`)
    },
  }
}

interface Kept extends AsyncDisposable {
  readonly clock: VirtualClock
  readonly started: readonly FakeWorker[]
  readonly workers: Workers<string, string>
}

/** `refuse` names those that fail to open, by the order in which they are started. */
async function keep(count: number, refuse: readonly number[] = []): Promise<Kept> {
  const clock = createVirtualClock()
  const started: FakeWorker[] = []
  const workers = await keepWorkers<string, string>({
    ...{ count, clock, log: silentLog },
    start() {
      const worker = fakeWorker(started.length + 1)
      started.push(worker)
      return worker
    },
    async open(worker) {
      if (refuse.includes(worker.pid ?? 0)) throw new Fault('BAD_CONFIG', 'Not this one.')
      await worker.ask('open')
    },
  })
  return { clock, started, workers, [Symbol.asyncDispose]: () => workers[Symbol.asyncDispose]() }
}

/** What follows from a promise follows within a turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

describe('kept workers', () => {
  it('are started anew when they end, each time after twice as long a pause', async () => {
    await using kept = await keep(2)
    const pauses: number[] = []
    for (let i = 0; i < 9; i += 1) {
      kept.started.at(-1)?.die()
      await turn()
      const pause = (kept.clock.nextAt() ?? 0) - kept.clock.now()
      pauses.push(pause)
      kept.clock.advance(pause)
      await turn()
    }
    expect(pauses).toEqual([100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000])
    expect([...kept.workers.running].map(({ pid }) => pid)).toEqual([1, 11])
  })

  it('are started after the first pause again when they did well', async () => {
    await using kept = await keep(1)
    for (const [lived, pause] of [
      [0, 100],
      [0, 200],
      [30_001, 100],
    ] as const) {
      kept.clock.advance(lived)
      kept.started.at(-1)?.die()
      await turn()
      expect((kept.clock.nextAt() ?? 0) - kept.clock.now()).toBe(pause)
      kept.clock.advance(pause)
      await turn()
    }
  })

  it('are tried again when the next one does not open', async () => {
    await using kept = await keep(1, [2])
    kept.started[0]?.die()
    await turn()
    kept.clock.advance(100)
    await turn()
    expect(kept.workers.running.size).toBe(0)
    kept.clock.advance(200)
    await turn()
    expect([...kept.workers.running].map(({ pid }) => pid)).toEqual([3])
  })

  it('are all ended when one cannot open at first, and when they are closed', async () => {
    await expect(keep(3, [2])).rejects.toMatchObject({ code: 'BAD_CONFIG' })
    const kept = await keep(2)
    await kept[Symbol.asyncDispose]()
    expect(await Promise.all(kept.started.map(({ ended }) => ended))).toEqual([
      'worker 1 ended (exit code 0)',
      'worker 2 ended (exit code 0)',
    ])
    kept.clock.advance(60_000)
    expect(kept.started).toHaveLength(2)
  })
})
