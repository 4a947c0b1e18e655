import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { startTcpProxy } from '../../../test/tcp-proxy.ts'
import type { Envelope } from '../../event.ts'
import { openPostgresBus, type PostgresBusOptions } from '../../event-bus.postgres.ts'
import type { EventBus } from '../../event-bus.ts'
import { describePostgres, type PostgresBench, ports } from '../../postgres-bench.contract.ts'
import { eventually } from '../../store/contract/parts.contract.ts'
import { listener, told } from '../contract/bench.contract.ts'

describePostgres('a bus on PostgreSQL', (bench) => {
  function open(schema: string, more: Partial<PostgresBusOptions> = {}): Promise<EventBus> {
    const lively = { leaseMs: 300, closeMs: 100 }
    return openPostgresBus({ ...ports, ...lively, database: bench.database, schema, ...more })
  }

  describe('shared by processes', () => {
    it('carries events from one to the other at once, and redrives and replays too', async () => {
      const schema = bench.schema()
      await using ada = await open(schema, { pollMs: 3_600_000 })
      await using database = bench.connect()
      await using bo = await open(schema, { database })
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

    it('keeps one order for all, without gaps, however many publish at once', async () => {
      const schema = bench.schema()
      const buses = await Promise.all([0, 1, 2, 3].map(() => open(schema)))
      const [first] = buses
      const worker = listener('orders.worker')
      await first?.subscribe(worker.consumer)
      const publishAll = async (bus: EventBus, n: number): Promise<void> => {
        // Every event is told by two of them, and once inside one batch twice.
        for (let i = 1; i <= 50; i++) {
          await bus.publish([told(`s-${n}`, i), told(`s-${(n + 1) % 4}`, i), told(`s-${n}`, i)])
        }
      }
      await Promise.all(buses.map(publishAll))
      await eventually(() => worker.handled.length >= 200, 'all events')
      const archived = await first?.archive({ limit: 1000 })
      expect(worker.handled.toSorted()).toEqual(archived?.events.map((event) => event.id).toSorted())
      const text = `SELECT count(*) AS n, max(position) AS highest FROM ${schema}.event`
      expect(await bench.database.run({ text })).toEqual([{ n: 200, highest: 200 }])
      for (const bus of buses) await bus[Symbol.asyncDispose]()
    })

    it('serves a consumer in one process only; the next takes over when the first closes', async () => {
      const schema = bench.schema()
      await using ada = await open(schema)
      await using bo = await open(schema)
      const [first, second] = [listener('orders.worker'), listener('orders.worker')]
      const subscription = await ada.subscribe(first.consumer)
      await bo.subscribe(second.consumer)
      await bo.publish([told('order-1', 1)])
      await eventually(() => first.handled.length === 1, 'the first event')
      await wait(700)
      expect(second.handled).toEqual([])
      await subscription[Symbol.asyncDispose]()
      await bo.publish([told('order-1', 2)])
      await eventually(() => second.handled.length === 1, 'the second event')
      expect([first.handled, second.handled]).toEqual([['order-1@1'], ['order-1@2']])
    })

    it('drops the late word of an owner that was overtaken', async () => {
      const schema = bench.schema()
      // Its clock stands still, so that it never learns that its lease has run out.
      const clock = { now: () => 0, schedule: () => ({ cancel: () => {} }) }
      const ada = await open(schema, { clock, closeMs: 1 })
      await using bo = await open(schema)
      const finish = Promise.withResolvers<void>()
      const hung = listener('orders.worker', {}, () => finish.promise)
      await ada.subscribe(hung.consumer)
      await ada.publish([told('order-1', 1)])
      await eventually(() => hung.tellings.length === 1, 'the first try')
      const next = listener('orders.worker', {}, () => new Promise(() => {}))
      await bo.subscribe(next.consumer)
      await eventually(() => next.tellings.length === 1, 'the second try')
      finish.resolve()
      await ada.idle()
      expect(hung.handled).toEqual(['order-1@1'])
      await using cleo = await open(schema)
      expect(await cleo.consumers()).toEqual([{ name: 'orders.worker', lag: 1, parked: 0, deadLetters: 0 }])
    })

    it('gives every dead letter to one of those who redrive at once', async () => {
      const schema = bench.schema()
      await using ada = await open(schema)
      await using bo = await open(schema)
      const sick = listener('orders.sick', { retry: { maxAttempts: 1 } }, () => {
        throw new Error('sick')
      })
      const subscription = await ada.subscribe(sick.consumer)
      await ada.publish(Array.from({ length: 40 }, (_, i) => told(`s-${i}`, 1)))
      await ada.idle()
      await subscription[Symbol.asyncDispose]()
      const counts = await Promise.all([ada, bo, ada, bo].map((bus) => bus.redrive({ limit: 30 })))
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(40)
    })

    it('loses nothing when a worker is killed in the middle of its work, again and again', async () => {
      const schema = bench.schema()
      const all = Array.from({ length: 400 }, (_, i) => told(`s-${i % 20}`, Math.floor(i / 20) + 1))
      const publisher = await open(schema)
      await publisher.publish(all)
      await publisher[Symbol.asyncDispose]()
      const handled: string[] = []
      for (const enough of [60, 210, all.length]) {
        handled.push(
          ...(await handledBeforeKill(bench, schema, (ids) => new Set([...handled, ...ids]).size >= enough)),
        )
      }
      expect([...new Set(handled)].toSorted()).toEqual(all.map((event) => event.id).toSorted())
      expect(firstTellings(handled)).toEqual(firstTellings(all.map((event) => event.id)))
    }, 60_000)
  })

  it('appends once and tells, though the answers get lost', async () => {
    await using proxy = await startTcpProxy(Number(new URL(bench.server.endpoint).port))
    await using database = bench.connect({ url: bench.url({ port: proxy.port }) })
    await using bus = await open(bench.schema(), { database, pollMs: 3_600_000 })
    const worker = listener('orders.worker')
    await bus.subscribe(worker.consumer)
    await bus.idle()
    proxy.loseAnswers('append_1', 2)
    await bus.publish([told('order-1', 1), told('order-1', 2)])
    await eventually(() => worker.handled.length === 2, 'both events')
    proxy.loseAnswers('save_1', 1)
    await bus.publish([told('order-1', 3)])
    await eventually(() => worker.handled.length === 3, 'the third')
    expect((await bus.archive({ limit: 10 })).events).toHaveLength(3)
    expect(await bus.consumers()).toMatchObject([{ lag: 0 }])
  })

  it('hands out a redrive though the answer to that got lost', async () => {
    await using proxy = await startTcpProxy(Number(new URL(bench.server.endpoint).port))
    await using database = bench.connect({ url: bench.url({ port: proxy.port }) })
    await using bus = await open(bench.schema(), { database })
    let sick = true
    const worker = listener('orders.worker', { retry: { maxAttempts: 1 } }, () => {
      if (sick) throw new Error('sick')
    })
    await bus.subscribe(worker.consumer)
    await bus.publish([told('order-1', 1)])
    await eventually(() => worker.tellings.length === 1, 'the first try')
    await bus.idle()
    sick = false
    for (const statement of ['fresh_waiting', 'SET fresh = 0']) proxy.loseAnswers(statement, 1)
    expect(await bus.redrive({})).toBe(1)
    await eventually(() => worker.handled.length === 1, 'the redrive')
    await wait(300)
    expect(worker.tellings).toHaveLength(2)
  })

  it('takes texts that PostgreSQL has no character for', async () => {
    const schema = bench.schema()
    await using bus = await open(schema)
    const odd = listener('orders.odd', { retry: { maxAttempts: 2, baseMs: 1 } }, () => {
      throw new Error('a\0b \x01 \ud800 \\u0000')
    })
    await bus.subscribe(odd.consumer)
    await bus.publish([told('order\0 1', 1)])
    for (let tries = 0; tries < 100 && (await bus.deadLetters()).length === 0; tries++) await wait(20)
    const [letter] = await bus.deadLetters()
    expect(letter).toMatchObject({
      event: { stream: 'order\0 1' },
      errorMessage: 'a\0b \x01 \ufffd \\u0000',
      attempts: 2,
    })
  })

  it('has everything it acknowledged, and tells all of it, when its server is killed', async () => {
    const schema = bench.schema()
    await using bus = await open(schema)
    const worker = listener('orders.worker')
    await bus.subscribe(worker.consumer)
    const acknowledged: string[] = []
    const faults = new Set<string>()
    const publishing = Promise.all(
      [0, 1, 2, 3].map(async (n) => {
        for (let i = 1; i <= 80; i++) await publishUntilDone(bus, told(`s-${n}`, i), { acknowledged, faults })
      }),
    )
    await eventually(() => worker.handled.length > 40, 'some events')
    await bench.server.kill()
    await expect(bus.publish([told('other', 1)])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await bench.server.start()
    await publishing
    expect([...faults]).toEqual(['STORE_UNAVAILABLE'])
    await eventually(() => new Set(worker.handled).size >= 320, 'all events')
    const archived = (await bus.archive({ limit: 1000 })).events.map((event) => event.id)
    expect(acknowledged.filter((id) => !archived.includes(id))).toEqual([])
    expect(firstTellings(worker.handled)).toEqual(firstTellings(archived))
  }, 60_000)
})

async function publishUntilDone(
  bus: EventBus,
  event: Envelope,
  seen: { readonly acknowledged: string[]; readonly faults: Set<string> },
): Promise<void> {
  for (;;) {
    try {
      await bus.publish([event])
      seen.acknowledged.push(event.id)
      return
    } catch (reason) {
      seen.faults.add(
        typeof reason === 'object' && reason !== null && 'code' in reason ? String(reason.code) : '',
      )
      await wait(50)
    }
  }
}

/** Per stream, the events in the order in which they were handled for the first time. */
function firstTellings(ids: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const byStream = Map.groupBy(new Set(ids), (id) => id.split('@')[0] ?? '')
  return new Map([...byStream].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** Runs the worker in a process of its own and kills it in the middle of its work, once it has done enough. */
async function handledBeforeKill(
  bench: PostgresBench,
  schema: string,
  isEnough: (ids: readonly string[]) => boolean,
): Promise<readonly string[]> {
  const main = new URL('../../../test/handle-on-postgres-main.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [main, bench.server.endpoint, schema], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  // The last line may be cut in two by the kill.
  const ids = (): readonly string[] => said.split('\n').slice(0, -1)
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
    if (isEnough(ids())) child.kill('SIGKILL')
  })
  const impatience = setTimeout(() => child.kill('SIGKILL'), 15_000)
  await once(child, 'close')
  clearTimeout(impatience)
  return ids()
}
