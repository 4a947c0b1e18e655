import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { commitAll, refuseImport } from './bulk-import.ts'
import { createVirtualClock } from './clock.virtual.ts'
import { openMemoryStore } from './event-store.memory.ts'
import type { EventStore, Transaction } from './event-store.ts'
import { Fault } from './fault.ts'

const clock = createVirtualClock()
let store: EventStore
let commits: number[]

beforeEach(async () => {
  const memory = openMemoryStore({ clock })
  commits = []
  store = {
    ...memory,
    commit(transaction) {
      const events = (transaction.appends ?? []).reduce((sum, append) => sum + append.events.length, 0)
      commits.push(events + (transaction.rows ?? []).length)
      return memory.commit(transaction)
    },
  }
})
afterEach(async () => await store[Symbol.asyncDispose]())

const taken = (names: readonly string[]): Fault => new Fault('CONFLICT', `Taken: ${names.join(', ')}.`)

/** One stream with a few facts, and a row beside it. */
function part(n: number, facts: number): Transaction {
  const events = Array.from({ length: facts }, (_, i) => ({
    id: `E-${n}-${i}`,
    type: 'Counted',
    at: 0,
    data: { n },
    meta: { correlationId: 'import' },
  }))
  return {
    appends: [{ stream: `thing-${n}`, expectedVersion: 0, events }],
    rows: [{ table: 'things', partition: 'all', sort: `${n}`.padStart(5, '0'), value: { n } }],
  }
}

describe('an import', () => {
  it('fills transactions up to 100 events and rows', async () => {
    const parts = Array.from({ length: 60 }, (_, n) => part(n, 3))
    await commitAll(store, parts, taken)
    expect(commits).toEqual([100, 100, 40])
    expect((await store.query({ table: 'things', partition: 'all', limit: 100 })).rows).toHaveLength(60)
  })

  it('never tears a part apart', async () => {
    await commitAll(store, [part(1, 59), part(2, 59), part(3, 9)], taken)
    expect(commits).toEqual([60, 70])
  })

  it('writes nothing when there is nothing', async () => {
    await commitAll(store, [], taken)
    expect(commits).toEqual([])
  })

  it('names what was there already', async () => {
    await commitAll(store, [part(7, 1)], taken)
    await expect(commitAll(store, [part(7, 1)], taken)).rejects.toThrow(/^Taken: thing-7/)
  })

  it('refuses a part that no transaction holds', async () => {
    await expect(commitAll(store, [part(1, 100)], taken)).rejects.toThrow('at most 100')
  })

  it('tells the first ten problems and how many there are', () => {
    const problems = Array.from({ length: 12 }, (_, n) => `Problem ${n}.`)
    expect(() => refuseImport('The goods', [])).not.toThrow()
    expect(() => refuseImport('The goods', problems)).toThrow(
      /^The goods cannot be imported, 12 problems: Problem 0\. .*Problem 9\.$/,
    )
  })
})
