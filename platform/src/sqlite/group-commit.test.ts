import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from '@jest/globals'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { systemClock } from '../clock.ts'
import { createGroupCommit } from './group-commit.ts'
import { openSqlite } from './open.ts'

const migrations = ['CREATE TABLE a (x INTEGER PRIMARY KEY) STRICT']

describe('a group commit', () => {
  it('puts the work of one turn on the disk together, before anybody is answered', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'shop.db')
    using db = openSqlite({ path, migrations })
    using reader = new DatabaseSync(path)
    const group = createGroupCommit({ db, path, clock: systemClock })
    const insert = db.prepare('INSERT INTO a VALUES (?)')
    const seen: unknown[] = []
    const count = reader.prepare('SELECT count(*) AS n FROM a')
    const works = Array.from({ length: 50 }, async (_, i) => {
      await group(() => insert.run(i))
      seen.push(count.get()?.['n'])
    })
    await Promise.all(works)
    expect(new Set(seen)).toEqual(new Set([50]))
  })

  it('undoes only what failed', async () => {
    using db = openSqlite({ path: ':memory:', migrations })
    const group = createGroupCommit({ db, path: ':memory:', clock: systemClock })
    const insert = db.prepare('INSERT INTO a VALUES (?)')
    const outcomes = await Promise.allSettled([
      group(() => insert.run(1)),
      group(() => {
        insert.run(2)
        throw new Error('changed my mind')
      }),
      group(() => insert.run(3)),
    ])
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(db.prepare('SELECT x FROM a').all()).toEqual([{ x: 1 }, { x: 3 }])
  })

  it('says no when too many are waiting', async () => {
    using db = openSqlite({ path: ':memory:', migrations })
    const group = createGroupCommit({ db, path: ':memory:', clock: systemClock })
    const outcomes = await Promise.allSettled(Array.from({ length: 20_001 }, () => group(() => 1)))
    expect(outcomes.filter((outcome) => outcome.status === 'rejected')).toHaveLength(1)
    expect(outcomes.at(-1)).toMatchObject({ reason: { code: 'OVERLOADED' } })
  })
})
