import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from '@jest/globals'
import { openPostgresStore } from '../event-store.postgres.ts'
import { row } from '../store/contract/parts.contract.ts'
import { describePostgres, ports } from './bench.contract.ts'
import { type Migration, migratePostgres } from './migrate.ts'
import type { Postgres, SqlRow } from './open.ts'

const first: Migration = {
  name: 'things',
  sql: (s) => `CREATE TABLE ${s}.thing (n integer); INSERT INTO ${s}.thing SELECT generate_series(1, 1000)`,
}
const addColumn: Migration = { name: 'colour', sql: (s) => `ALTER TABLE ${s}.thing ADD COLUMN colour text` }
const index: Migration = {
  name: 'things by number',
  index: { name: 'thing_n', on: (s) => `${s}.thing (n)` },
}

describePostgres('migrations on PostgreSQL', (bench) => {
  function migrate(schema: string, migrations: readonly Migration[], database?: Postgres): Promise<void> {
    return migratePostgres({
      ...ports,
      database: database ?? bench.database,
      schema,
      part: 'things',
      migrations,
    })
  }

  function ledger(schema: string): Promise<readonly SqlRow[]> {
    return bench.database.run({ text: `SELECT version, name FROM ${schema}.migration ORDER BY version` })
  }

  it('happen once, however many processes start at once', async () => {
    const schema = bench.schema()
    const databases = Array.from({ length: 6 }, () => bench.connect({ maxConnections: 2 }))
    await Promise.all(databases.map((database) => migrate(schema, [first, addColumn, index], database)))
    expect((await ledger(schema)).map((step) => step['name'])).toEqual([
      'things',
      'colour',
      'things by number',
    ])
    expect(await bench.database.run({ text: `SELECT count(*) AS n FROM ${schema}.thing` })).toEqual([
      { n: 1000 },
    ])
    for (const database of databases) await database[Symbol.asyncDispose]()
  })

  it('go on from where an older program stopped', async () => {
    const schema = bench.schema()
    await migrate(schema, [first])
    await migrate(schema, [first, addColumn])
    await migrate(schema, [first, addColumn])
    expect(await ledger(schema)).toEqual([
      { version: 1, name: 'things' },
      { version: 2, name: 'colour' },
    ])
  })

  it('wait in the queue for no longer than a second at a time, so that others get through', async () => {
    const schema = bench.schema()
    await migrate(schema, [first])
    const reading = bench.database.once(async (session) => {
      await session.run({ text: `BEGIN; SELECT count(*) FROM ${schema}.thing` })
      await wait(3000)
      await session.run({ text: 'COMMIT' })
    })
    await wait(100)
    const migrating = migrate(schema, [first, addColumn])
    // Behind a lock that is waited for everybody queues up; so nobody may wait for it for long.
    for (let i = 0; i < 5; i++) {
      await wait(300)
      expect(await bench.database.run({ text: `SELECT count(*) AS n FROM ${schema}.thing` })).toHaveLength(1)
    }
    await reading
    await migrating
    expect(await ledger(schema)).toHaveLength(2)
  })

  it('are undone when they would hold a lock for more than a second', async () => {
    const schema = bench.schema()
    await migrate(schema, [first])
    const slow: Migration = { name: 'slow', sql: () => 'SELECT pg_sleep(1.1)' }
    let tries = 0
    const clock = {
      now: () => tries * 40_000,
      schedule(_: number, run: () => void) {
        tries += 1
        const timer = setTimeout(run)
        return { cancel: () => clearTimeout(timer) }
      },
    }
    const parts = { ...ports, clock, database: bench.database, schema, part: 'things' }
    await expect(migratePostgres({ ...parts, migrations: [first, slow] })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      cause: expect.objectContaining({ message: 'this migration holds its locks for too long' }),
    })
    expect(await ledger(schema)).toHaveLength(1)
  })

  it('build an index again that somebody left half built', async () => {
    const schema = bench.schema()
    await migrate(schema, [first])
    await bench.database.run({ text: `CREATE INDEX thing_n ON ${schema}.thing (n)` })
    await bench.database.run({
      text: `UPDATE pg_index SET indisvalid = false WHERE indexrelid = '${schema}.thing_n'::regclass`,
    })
    await migrate(schema, [first, index])
    const text = `SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = '${schema}.thing_n'::regclass`
    expect(await bench.database.run({ text })).toEqual([{ valid: true }])
  })

  it('refuse what a newer program wrote', async () => {
    const schema = bench.schema()
    await using store = await openPostgresStore({ ...ports, database: bench.database, schema })
    await store.commit({ rows: [row('x')] })
    await bench.database.run({ text: `INSERT INTO ${schema}.migration VALUES ('store', 99, 'the future')` })
    await expect(openPostgresStore({ ...ports, database: bench.database, schema })).rejects.toMatchObject({
      code: 'BAD_SCHEMA',
      message: expect.stringMatching(
        /has version 99, this program knows up to \d+\. Start the newer program/,
      ),
    })
  })

  it.each([['Orders'], ['a"b'], [''], ['x'.repeat(41)]])(
    'refuse %j as the name of a schema',
    async (schema) => {
      await expect(migrate(schema, [first])).rejects.toMatchObject({ code: 'BAD_CONFIG' })
    },
  )
})
