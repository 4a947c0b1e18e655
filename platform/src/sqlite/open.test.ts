import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from '@jest/globals'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { Fault } from '../fault.ts'
import { sqliteFault } from './fault.ts'
import { openSqlite } from './open.ts'

const migrations = ['CREATE TABLE a (x TEXT PRIMARY KEY) STRICT', 'CREATE TABLE b (y INTEGER) STRICT']

describe('opening a database', () => {
  it('brings an old file to the newest schema and leaves a new one as it is', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'new', 'shop.db')
    openSqlite({ path, migrations: migrations.slice(0, 1) }).close()
    using db = openSqlite({ path, migrations })
    expect(db.prepare('SELECT count(*) AS n FROM b').get()).toEqual({ n: 0 })
    expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: 2 })
    openSqlite({ path, migrations }).close()
  })

  it('keeps the log that makes an acknowledged commit survive a power cut', async () => {
    await using folder = await temporaryFolder()
    using db = openSqlite({ path: join(folder.path, 'shop.db'), migrations })
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
    expect(db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 })
  })

  it('leaves nothing of a migration that failed', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'shop.db')
    expect(() =>
      openSqlite({ path, migrations: [...migrations, 'CREATE TABLE c (z NONSENSE) STRICT'] }),
    ).toThrow()
    using db = openSqlite({ path, migrations })
    expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: 2 })
  })

  it('refuses a file of a newer program', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'shop.db')
    openSqlite({ path, migrations }).close()
    const fault = faultOf(() => openSqlite({ path, migrations: [] }))
    expect(fault.code).toBe('BAD_SCHEMA')
    expect(fault.message).toBe(
      'The database "shop.db" has schema version 2, this program knows up to 0. Start the newer program, or choose another data folder.',
    )
  })

  it('refuses a file that is no database', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'shop.db')
    await writeFile(path, 'order,amount\n'.repeat(1000))
    const fault = faultOf(() => openSqlite({ path, migrations }))
    expect(fault).toMatchObject({ code: 'STORE_CORRUPT', retryable: false })
    expect(fault.message).toContain('"shop.db" is not a database of ours or is damaged. Put it aside')
  })

  it('refuses a folder it cannot make or write to, and names only the file', async () => {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, 'file'), '')
    const fault = faultOf(() =>
      openSqlite({ path: join(folder.path, 'file', 'data', 'shop.db'), migrations }),
    )
    expect(fault.code).toBe('READ_ONLY_STORE')
    expect(fault.message).toContain('"shop.db" cannot be written. Give the program a folder it may write to')
    expect(fault.message).not.toContain(folder.path)
    expect(faultOf(() => openSqlite({ path: folder.path, migrations })).code).toBe('READ_ONLY_STORE')
  })
})

describe('a SQLite error as a fault', () => {
  it('says read-only for a file that may only be read', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'shop.db')
    openSqlite({ path, migrations }).close()
    using db = new DatabaseSync(path, { readOnly: true })
    expect(
      sqliteFault(
        caught(() => db.exec("INSERT INTO a VALUES ('1')")),
        path,
      ).code,
    ).toBe('READ_ONLY_STORE')
  })

  it('says corrupt when pages were overwritten', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'shop.db')
    const before = openSqlite({ path, migrations })
    before.exec('BEGIN')
    const insert = before.prepare('INSERT INTO a VALUES (?)')
    for (let i = 0; i < 1000; i++) insert.run(`${i}`.repeat(50))
    before.exec('COMMIT')
    before.close()
    const whole = await readFile(path)
    await writeFile(path, Buffer.concat([whole.subarray(0, 4096), Buffer.alloc(whole.length - 4096, 0xab)]))
    using db = new DatabaseSync(path)
    expect(
      sqliteFault(
        caught(() => db.prepare('SELECT * FROM a').all()),
        path,
      ).code,
    ).toBe('STORE_CORRUPT')
  })

  it('leaves a fault alone and keeps the cause of everything else', () => {
    const fault = new Fault('OVERLOADED', 'busy')
    expect(sqliteFault(fault, 'x')).toBe(fault)
    const cause = new Error('boom')
    expect(sqliteFault(cause, 'x')).toMatchObject({ code: 'INTERNAL', cause })
  })
})

function faultOf(run: () => unknown): Fault {
  const reason = caught(run)
  if (reason instanceof Fault) return reason
  throw new Error('Expected a fault.', { cause: reason })
}

function caught(run: () => unknown): unknown {
  try {
    run()
  } catch (reason) {
    return reason
  }
  throw new Error('Expected something to be thrown.')
}
