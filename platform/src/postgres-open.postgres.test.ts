import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, describe, expect, it } from '@jest/globals'
import { metrics } from '@opentelemetry/api'
import { countFaults } from '../test/count-faults.ts'
import { startTcpProxy } from '../test/tcp-proxy.ts'
import type { RecordedEvent } from './event.ts'
import { openPostgresBus } from './event-bus.postgres.ts'
import { openPostgresStore } from './event-store.postgres.ts'
import type { EventStore } from './event-store.ts'
import { silentLog } from './log.ts'
import { describePostgres, type PostgresBench, ports } from './postgres-bench.contract.ts'
import { openPostgres } from './postgres-open.ts'
import { eventually, expectInOrder, newEvent, row } from './store/parts.contract.ts'

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
    expect(counted).toEqual([{ engine: 'postgres', kind: 'unreachable', code: 'STORE_UNAVAILABLE' }])
  }, 30_000)

  it('gives up soon when many fail at once: the tries of all together are bounded', async () => {
    await using nobody = openPostgres({ ...ports, url: bench.url({ port: 1 }) })
    const counted = countFaults()
    const all = await Promise.allSettled(Array.from({ length: 200 }, () => nobody.run({ text: 'SELECT 1' })))
    expect(all.every(({ status }) => status === 'rejected')).toBe(true)
    expect(counted.some(({ kind }) => kind === 'retry_budget_spent')).toBe(true)
  })

  it('says BAD_CONFIG when the database or the user is not there', async () => {
    await using lost = bench.connect({ url: bench.url({ database: 'nowhere' }) })
    await expect(lost.run({ text: 'SELECT 1' })).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: 'PostgreSQL has no such database. Create it, or correct the URL. (SQLSTATE 3D000)',
    })
    await using stranger = bench.connect({ url: bench.server.endpoint.replace('postgres@', 'nobody@') })
    await expect(stranger.run({ text: 'SELECT 1' })).rejects.toMatchObject({ code: 'BAD_CONFIG' })
  })

  it('says BAD_CONFIG when our user may not do this', async () => {
    await bench.database.run({ text: 'CREATE ROLE ada LOGIN' })
    await using database = bench.connect({ url: bench.server.endpoint.replace('postgres@', 'ada@') })
    await expect(openPostgresStore({ ...ports, database, schema: bench.schema() })).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringContaining('Give our user the rights'),
    })
  })

  it('needs no more than a user who may create schemas', async () => {
    const text = 'CREATE ROLE bo LOGIN; GRANT CREATE ON DATABASE postgres TO bo'
    await bench.database.run({ text })
    await using database = bench.connect({ url: bench.server.endpoint.replace('postgres@', 'bo@') })
    await using store = await openPostgresStore({ ...ports, database, schema: bench.schema() })
    expect(await store.commit({ rows: [row('x')] })).toMatchObject({ ok: true })
    const told: RecordedEvent[] = []
    await using _ = await store.follow('relay', async (events) => void told.push(...events))
    await store.commit({ appends: [{ stream: 'a', expectedVersion: 0, events: [newEvent()] }] })
    await eventually(() => told.length === 1, 'the event')
    await using bus = await openPostgresBus({ ...ports, database, schema: bench.schema() })
    expect(await bus.consumers()).toEqual([])
  })

  it('asks for the password anew for each connection, and says BAD_CONFIG with one that has run out', async () => {
    await askPasswordOf(bench, 'cleo', 'old')
    let password = 'old'
    const options = { password: async () => password, idleMs: 1 }
    await using database = bench.connect({
      url: bench.server.endpoint.replace('postgres@', 'cleo@'),
      ...options,
    })
    await database.run({ text: 'SELECT 1' })
    await bench.database.run({ text: "ALTER ROLE cleo PASSWORD 'new'" })
    await wait(100)
    await expect(database.run({ text: 'SELECT 1' })).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringContaining('Check user, password and database'),
    })
    password = 'new'
    expect(await database.run({ text: 'SELECT 1 AS one' })).toEqual([{ one: 1 }])
  })

  it('says BAD_SCHEMA when the tables went away', async () => {
    const schema = bench.schema()
    await using store = await openPostgresStore({ ...ports, database: bench.database, schema })
    await bench.database.run({ text: `DROP SCHEMA ${schema} CASCADE` })
    await expect(store.get(row('x'))).rejects.toMatchObject({ code: 'BAD_SCHEMA' })
    await expect(store.commit({ rows: [row('x')] })).rejects.toMatchObject({ code: 'BAD_SCHEMA' })
  })

  it('says READ_ONLY_STORE where only reading is possible, and writes again once it is', async () => {
    await bench.database.run({ text: 'CREATE DATABASE replica' })
    const schema = bench.schema()
    await using writer = bench.connect({ url: bench.url({ database: 'replica' }) })
    await using store = await openPostgresStore({ ...ports, database: writer, schema })
    await store.commit({ rows: [row('x')] })
    await beReadOnly(bench, 'replica', 'on')
    expect((await store.get(row('x')))?.version).toBe(1)
    const readOnly = { code: 'READ_ONLY_STORE', message: expect.stringContaining('Connect to the primary') }
    await expect(store.commit({ rows: [row('x')] })).rejects.toMatchObject(readOnly)
    await expect(openPostgresStore({ ...ports, database: writer, schema })).rejects.toMatchObject(readOnly)
    await beReadOnly(bench, 'replica', 'off')
    expect(await store.commit({ rows: [row('x')] })).toMatchObject({ ok: true })
  })

  diskFull(bench)
})

function diskFull(bench: PostgresBench): void {
  const isPossible = spawnSync('mount', ['-t', 'tmpfs', 'stoa-try', '/mnt']).status === 0
  if (isPossible) spawnSync('umount', ['/mnt'])
  const describeHere = isPossible ? describe : describe.skip
  describeHere(
    isPossible ? 'a full disk' : 'a full disk is not tried: this machine lets us mount none',
    () => {
      it('is said so, what was acknowledged stays, and it goes on when there is room', async () => {
        await using disk = await smallDisk()
        await bench.database.run({ text: `CREATE TABLESPACE small LOCATION '${disk.path}'` })
        const url = `${bench.server.endpoint}?options=-c%20default_tablespace%3Dsmall`
        await using database = bench.connect({ url })
        await using store = await openPostgresStore({ ...ports, database, schema: bench.schema() })
        const acknowledged: string[] = []
        const fill = async (): Promise<never> => {
          for (let i = 0; ; i++) {
            const text = randomBytes(30_000).toString('base64')
            await store.commit({ rows: [row(`${i}`, { text })] })
            acknowledged.push(`${i}`)
          }
        }
        await expect(fill()).rejects.toMatchObject({
          code: 'DISK_FULL',
          message: expect.stringContaining('has no room left'),
        })
        expect(acknowledged.length).toBeGreaterThan(10)
        disk.grow()
        expect((await store.commit({ rows: [row('more')] })).ok).toBe(true)
        const found = await store.getMany(acknowledged.map((sort) => row(sort)))
        expect(found.map((one) => one?.sort)).toEqual(acknowledged)
        await bench.database.run({ text: 'DROP TABLESPACE IF EXISTS small' }).catch(() => {})
      })
    },
  )
}

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

async function askPasswordOf(bench: PostgresBench, user: string, password: string): Promise<void> {
  const [setting] = await bench.database.run({ text: "SELECT current_setting('hba_file') AS file" })
  await bench.database.run({
    text: `
      CREATE ROLE ${user} LOGIN PASSWORD '${password}';
      COPY (SELECT 'host all ${user} 127.0.0.1/32 scram-sha-256' UNION ALL SELECT 'host all all 127.0.0.1/32 trust')
        TO '${String(setting?.['file'])}';
      SELECT pg_reload_conf()`,
  })
  await wait(200)
}

/** As a failover: connections break off, and whoever comes back finds something else. */
async function beReadOnly(bench: PostgresBench, database: string, value: 'on' | 'off'): Promise<void> {
  await bench.database.run({
    text: `
      ALTER DATABASE ${database} SET default_transaction_read_only = ${value};
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}'`,
  })
}

/** A file system of 8 MB that the server may write to. */
async function smallDisk(): Promise<AsyncDisposable & { readonly path: string; grow(): void }> {
  const path = await mkdtemp(join(tmpdir(), 'stoa-small-'))
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'stoa-small', path])
  const owner = Number(spawnSync('id', ['-u', 'postgres'], { encoding: 'utf8' }).stdout)
  chownSync(path, owner, statSync(path).gid)
  return {
    path,
    grow: () => void spawnSync('mount', ['-o', 'remount,size=64m', path]),
    async [Symbol.asyncDispose]() {
      spawnSync('umount', ['-l', path])
      await rm(path, { recursive: true, force: true })
    },
  }
}
