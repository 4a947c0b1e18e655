import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from '@jest/globals'
import { startTcpProxy } from '../../../test/tcp-proxy.ts'
import { firstTellings } from '../../../test/worker-killed.ts'
import type { Envelope } from '../../event.ts'
import { openPostgresBus, type PostgresBusOptions } from '../../event-bus.postgres.ts'
import type { EventBus } from '../../event-bus.ts'
import { describePostgres, ports } from '../../postgres/bench.contract.ts'
import { eventually } from '../../store/contract/parts.contract.ts'
import { listener, told } from '../contract/bench.contract.ts'
import { sharedBusContract } from '../contract/shared.contract.ts'

describePostgres('a bus on PostgreSQL', (bench) => {
  function open(schema: string, more: Partial<PostgresBusOptions> = {}): Promise<EventBus> {
    const lively = { leaseMs: 300, closeMs: 100 }
    return openPostgresBus({ ...ports, ...lively, database: bench.database, schema, ...more })
  }

  sharedBusContract({
    serving: 'one',
    killed: 400,
    async share() {
      const schema = bench.schema()
      return {
        open: (options) => open(schema, options),
        worker: [
          new URL('../../../test/handle-on-postgres-main.ts', import.meta.url).pathname,
          bench.server.endpoint,
          schema,
        ],
        [Symbol.asyncDispose]: async () => {},
      }
    },
  })

  it('tells the events of another process at once, without looking for them', async () => {
    const schema = bench.schema()
    await using ada = await open(schema, { pollMs: 3_600_000 })
    await using database = bench.connect()
    await using bo = await open(schema, { database })
    const worker = listener('orders.worker')
    await ada.subscribe(worker.consumer)
    await bo.publish([told('order-1', 1)])
    await eventually(() => worker.handled.length === 1, 'the event of the other')
  })

  it('numbers events without gaps, however many publish at once', async () => {
    const schema = bench.schema()
    const buses = await Promise.all([0, 1, 2, 3].map(() => open(schema)))
    const publishAll = async (bus: EventBus, n: number): Promise<void> => {
      // Every event is told by two of them, and once inside one batch twice.
      for (let i = 1; i <= 50; i++) {
        await bus.publish([told(`s-${n}`, i), told(`s-${(n + 1) % 4}`, i), told(`s-${n}`, i)])
      }
    }
    await Promise.all(buses.map(publishAll))
    const text = `SELECT count(*) AS n, max(position) AS highest FROM ${schema}.event`
    expect(await bench.database.run({ text })).toEqual([{ n: 200, highest: 200 }])
    for (const bus of buses) await bus[Symbol.asyncDispose]()
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
