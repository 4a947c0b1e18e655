import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, expect, it } from '@jest/globals'
import { metrics } from '@opentelemetry/api'
import { countFaults } from '../../test/count-faults.ts'
import { startTcpProxy } from '../../test/tcp-proxy.ts'
import type { RecordedEvent } from '../event.ts'
import { openPostgresStore } from '../event-store.postgres.ts'
import type { EventStore } from '../event-store.ts'
import { silentLog } from '../log.ts'
import { eventually, expectInOrder, newEvent, row } from '../store/contract/parts.contract.ts'
import { describePostgres, ports } from './bench.contract.ts'
import { openPostgres } from './open.ts'

describePostgres('when PostgreSQL fails us', (bench) => {
  afterEach(() => metrics.disable())

  it('has everything it acknowledged, tells all of it, and says STORE_UNAVAILABLE meanwhile, when its server is killed', async () => {
    await using database = bench.connect()
    await using store = await openPostgresStore({ ...ports, database, schema: bench.schema(), leaseMs: 500 })
    const told: RecordedEvent[] = []
    await using _ = await store.follow('relay', async (events) => void told.push(...events))
    const writing = Array.from({ length: 8 }, (_, n) => writeUntilDone(store, `s-${n}`, 60))
    await eventually(() => told.length > 60, 'some events')
    await bench.server.kill()
    const unavailable = {
      code: 'STORE_UNAVAILABLE',
      retryable: true,
      message: expect.stringMatching(/^PostgreSQL /),
    }
    await expect(store.get(row('x'))).rejects.toMatchObject(unavailable)
    await expect(store.commit({ rows: [row('x')] })).rejects.toMatchObject(unavailable)
    await bench.server.start()
    const written = await Promise.all(writing)
    for (const { stream, acknowledged, faults } of written) {
      expect((await store.load(stream)).map((event) => event.version)).toEqual(acknowledged)
      expect([...faults].every((code) => code === 'STORE_UNAVAILABLE')).toBe(true)
    }
    await eventually(() => told.length >= 480, 'all events')
    expectInOrder(told)
  })

  it('opens once its server is there, when it is started first', async () => {
    await using database = bench.connect()
    await bench.server.kill()
    const warnings: unknown[] = []
    const log = { ...silentLog, warn: (fields: unknown) => void warnings.push(fields) }
    const schema = bench.schema()
    const opening = openPostgresStore({ ...ports, log, database, schema })
    await eventually(() => warnings.length > 0, 'a warning')
    await bench.server.start()
    await using store = await opening
    expect(await store.commit({ rows: [row('x')] })).toMatchObject({ ok: true })
    expect(warnings[0]).toEqual({ schema, code: 'ECONNREFUSED' })
  })

  it('says OVERLOADED when all connections are busy for too long', async () => {
    await using database = bench.connect({ maxConnections: 1, connectMs: 200 })
    const busy = database.run({ text: 'SELECT pg_sleep(0.8)' })
    await expect(database.run({ text: 'SELECT 1' })).rejects.toMatchObject({
      code: 'OVERLOADED',
      message: expect.stringContaining('raise maxConnections'),
    })
    await busy
    expect(await database.run({ text: 'SELECT 1 AS one' })).toEqual([{ one: 1 }])
  })

  it('says DEADLINE_EXCEEDED when a statement takes too long, and writes nothing of it', async () => {
    const schema = bench.schema()
    await using database = bench.connect({ statementMs: 300 })
    await using store = await openPostgresStore({ ...ports, database, schema })
    await store.commit({ rows: [row('x')] })
    await bench.database.once(async (session) => {
      await session.run({ text: `BEGIN; SELECT 1 FROM ${schema}.rows FOR UPDATE` })
      await expect(store.commit({ rows: [row('y'), row('x')] })).rejects.toMatchObject({
        code: 'DEADLINE_EXCEEDED',
        retryable: true,
      })
      await session.run({ text: 'ROLLBACK' })
    })
    expect(await store.get(row('y'))).toBeUndefined()
  })

  it('says STORE_UNAVAILABLE when nothing answers any more, and counts what it was', async () => {
    await using proxy = await startTcpProxy(Number(new URL(bench.server.endpoint).port))
    const url = bench.url({ port: proxy.port })
    await using database = bench.connect({ url, statementMs: 100, connectMs: 300 })
    await database.run({ text: 'SELECT 1' })
    proxy.mute()
    const counted = countFaults()
    await expect(database.run({ text: 'SELECT 1' })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    expect(counted).toEqual([{ engine: 'postgres', kind: 'away', code: 'STORE_UNAVAILABLE' }])
  }, 30_000)

  it('gives up soon when many fail at once: the tries of all together are bounded', async () => {
    await using nobody = openPostgres({ ...ports, url: bench.url({ port: 1 }) })
    const counted = countFaults()
    const all = await Promise.allSettled(Array.from({ length: 200 }, () => nobody.run({ text: 'SELECT 1' })))
    expect(all.every(({ status }) => status === 'rejected')).toBe(true)
    expect(counted.some(({ kind }) => kind === 'retry_budget_spent')).toBe(true)
  })
})

interface Written {
  readonly stream: string
  readonly acknowledged: readonly number[]
  readonly faults: ReadonlySet<string>
}

/** Appends one after the other; what fails is looked up and, unless it is there, tried again. */
async function writeUntilDone(store: EventStore, stream: string, count: number): Promise<Written> {
  const acknowledged: number[] = []
  const faults = new Set<string>()
  while (acknowledged.length < count) {
    const version = acknowledged.length
    try {
      const id = `${stream}-${version + 1}`
      const event = { ...newEvent(), id }
      const committed = await store.commit({
        appends: [{ stream, expectedVersion: version, events: [event] }],
      })
      const isThere = committed.ok || (await store.load(stream, { after: version }))[0]?.id === id
      if (isThere) acknowledged.push(version + 1)
    } catch (reason) {
      faults.add(typeof reason === 'object' && reason !== null && 'code' in reason ? String(reason.code) : '')
      await wait(50)
    }
  }
  return { stream, acknowledged, faults }
}
