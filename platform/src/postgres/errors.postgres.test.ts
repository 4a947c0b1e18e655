import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import type { RecordedEvent } from '../event.ts'
import { openPostgresBus } from '../event-bus.postgres.ts'
import { openPostgresStore } from '../event-store.postgres.ts'
import { eventually, newEvent, row } from '../store/contract/parts.contract.ts'
import { describePostgres, type PostgresBench, ports } from './bench.contract.ts'

describePostgres('what PostgreSQL refuses', (bench) => {
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
