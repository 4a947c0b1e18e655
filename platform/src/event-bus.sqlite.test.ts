import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { temporaryFolder } from '../test/temporary-folder.ts'
import { type BusPlace, listener, told } from './bus/contract/bench.contract.ts'
import { systemClock } from './clock.ts'
import { eventBusContract } from './event-bus.contract.ts'
import { openSqliteBus } from './event-bus.sqlite.ts'
import type { EventBus } from './event-bus.ts'
import { silentLog } from './log.ts'
import { seededRandom, systemRandom } from './random.ts'

/** On a virtual clock nobody else comes near the file, and looking every few milliseconds would only take time. */
const alone = { pollMs: 1e12, leaseMs: 4e12 }

eventBusContract({
  name: 'the SQLite bus in memory',
  durable: false,
  runs: 30,
  place: async () => ({
    open: (options) => openSqliteBus({ ...options, path: ':memory:' }),
    [Symbol.asyncDispose]: async () => {},
  }),
})

eventBusContract({ name: 'the SQLite bus in a file', durable: true, runs: 15, place: placeOnDisk })

async function placeOnDisk(): Promise<BusPlace> {
  const folder = await temporaryFolder()
  return {
    open: (options) => openSqliteBus({ ...options, ...alone, path: join(folder.path, 'bus.db') }),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

function openFile(path: string): EventBus {
  return openSqliteBus({
    path,
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    leaseMs: 300,
    closeMs: 100,
  })
}

describe('a bus file shared by processes', () => {
  it('carries events from one to the other, and redrives and replays too', async () => {
    await using folder = await temporaryFolder()
    await using ada = openFile(join(folder.path, 'bus.db'))
    await using bo = openFile(join(folder.path, 'bus.db'))
    let sick = true
    const worker = listener('orders.worker', { retry: { maxAttempts: 1 } }, (event) => {
      if (sick && event.version === 2) throw new Error('sick')
    })
    await ada.subscribe(worker.consumer)
    await bo.publish([told('order-1', 1), told('order-1', 2)])
    await ada.publish([told('order-1', 3)])
    await eventually(() => worker.handled.length === 2, 'the events of the other')
    expect(worker.handled).toEqual(['order-1@1', 'order-1@3'])
    await ada.idle()
    sick = false
    expect(await bo.redrive({})).toBe(1)
    await eventually(() => worker.handled.length === 3, 'the redrive')
    await ada.idle()
    expect(await bo.consumers()).toEqual([{ name: 'orders.worker', lag: 0, parked: 0, deadLetters: 0 }])
    expect(await bo.replay({ consumer: 'orders.worker' })).toBe(3)
    await eventually(() => worker.handled.length === 6, 'the replay')
  })

  it('keeps one order for all, however many publish at once', async () => {
    await using folder = await temporaryFolder()
    const buses = [0, 1, 2].map(() => openFile(join(folder.path, 'bus.db')))
    const [first] = buses
    const worker = listener('orders.worker')
    await first?.subscribe(worker.consumer)
    const publishAll = async (bus: EventBus, n: number): Promise<void> => {
      for (let i = 1; i <= 50; i++) await bus.publish([told(`s-${n}`, i)])
    }
    await Promise.all(buses.map(publishAll))
    await eventually(() => worker.handled.length === 150, 'all events')
    const archived = await first?.archive({ limit: 1000 })
    expect(worker.handled.toSorted()).toEqual(archived?.events.map((event) => event.id).toSorted())
    for (const n of [0, 1, 2]) {
      const ofStream = worker.tellings.filter(({ event }) => event.stream === `s-${n}`)
      expect(ofStream.map(({ event }) => event.version)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
    }
    for (const bus of buses) await bus[Symbol.asyncDispose]()
  })

  it('serves a consumer in one process only; the next takes over when the first closes', async () => {
    await using folder = await temporaryFolder()
    await using ada = openFile(join(folder.path, 'bus.db'))
    await using bo = openFile(join(folder.path, 'bus.db'))
    const [first, second] = [listener('orders.worker'), listener('orders.worker')]
    const subscription = await ada.subscribe(first.consumer)
    await bo.subscribe(second.consumer)
    await bo.publish([told('order-1', 1)])
    await eventually(() => first.handled.length === 1, 'the first event')
    await wait(500)
    expect(second.handled).toEqual([])
    await subscription[Symbol.asyncDispose]()
    await bo.publish([told('order-1', 2)])
    await eventually(() => second.handled.length === 1, 'the second event')
    expect([first.handled, second.handled]).toEqual([['order-1@1'], ['order-1@2']])
  })

  it('drops the late word of an owner that was overtaken', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'bus.db')
    // Its clock stands still, so that it never learns that its lease has run out.
    const frozen = { now: () => Date.now() - 60_000, schedule: () => ({ cancel: () => {} }) }
    await using ada = openSqliteBus({
      path,
      clock: frozen,
      random: seededRandom(7),
      log: silentLog,
      closeMs: 1,
    })
    await using bo = openFile(path)
    let finish = (): void => {}
    const hung = listener('orders.worker', {}, () => {
      return new Promise<void>((resolve) => {
        finish = resolve
      })
    })
    await ada.subscribe(hung.consumer)
    await ada.publish([told('order-1', 1)])
    await eventually(() => hung.tellings.length === 1, 'the first try')
    const next = listener('orders.worker', {}, () => new Promise(() => {}))
    await bo.subscribe(next.consumer)
    await eventually(() => next.tellings.length === 1, 'the second try')
    finish()
    await ada.idle()
    expect(hung.handled).toEqual(['order-1@1'])
    await using cleo = openFile(path)
    expect(await cleo.consumers()).toEqual([{ name: 'orders.worker', lag: 1, parked: 0, deadLetters: 0 }])
  })

  it('says so when the disk is full, and goes on when there is room again', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'bus.db')
    const options = { path, clock: systemClock, random: systemRandom, log: silentLog }
    let published = 0
    const fill = async (): Promise<never> => {
      await using small = openSqliteBus({ ...options, maxBytes: 300_000 })
      for (;;) {
        await small.publish([told('order-1', published + 1, { data: { text: 'x'.repeat(5000) } })])
        published += 1
      }
    }
    await expect(fill()).rejects.toMatchObject({ code: 'DISK_FULL' })
    await using bus = openSqliteBus(options)
    expect((await bus.archive({ limit: 1000 })).events.length).toBe(published)
    expect(published).toBeGreaterThan(20)
    const ada = listener('orders.ada')
    await bus.subscribe(ada.consumer)
    await bus.publish([told('order-1', published + 1)])
    await bus.idle()
    expect(ada.handled.length).toBe(published + 1)
  })

  it('loses nothing when its process is killed in the middle of its work, again and again', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'bus.db')
    const all = Array.from({ length: 600 }, (_, i) => told(`s-${i % 20}`, Math.floor(i / 20) + 1))
    const publisher = openFile(path)
    await publisher.publish(all)
    await publisher[Symbol.asyncDispose]()
    const handled: string[] = []
    for (const enough of [60, 210, 400, all.length]) {
      handled.push(...(await handledBeforeKill(path, (ids) => new Set([...handled, ...ids]).size >= enough)))
    }
    expect([...new Set(handled)].toSorted()).toEqual(all.map((event) => event.id).toSorted())
    expect(firstTellings(handled)).toEqual(firstTellings(all.map((event) => event.id)))
    expect(handled.length).toBeLessThan(all.length * 2)
  }, 30_000)
})

/** Per stream, the events in the order in which they were handled for the first time. */
function firstTellings(ids: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const byStream = Map.groupBy(new Set(ids), (id) => id.split('@')[0] ?? '')
  return new Map([...byStream].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** Runs the worker in a process of its own and kills it in the middle of its work, once it has done enough. */
async function handledBeforeKill(
  path: string,
  isEnough: (ids: readonly string[]) => boolean,
): Promise<readonly string[]> {
  const main = new URL('../test/handle-until-killed-main.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [main, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  // The last line may be cut in two by the kill.
  const ids = (): readonly string[] => said.split('\n').slice(0, -1)
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
    if (isEnough(ids())) child.kill('SIGKILL')
  })
  const impatience = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await once(child, 'close')
  clearTimeout(impatience)
  return ids()
}

/** Waits until `check` holds; a wait without end would hide what is missing, so it gives up after 10 s. */
async function eventually(check: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    if (check()) return
    await wait(10)
  }
  throw new Error(`Waited 10 s in vain for ${what}.`)
}
