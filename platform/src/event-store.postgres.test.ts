import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { startTcpProxy, type TcpProxy } from '../test/tcp-proxy.ts'
import { createVirtualClock } from './clock.virtual.ts'
import { eventStoreContract, type StoreBench } from './event-store.contract.ts'
import { openPostgresStore } from './event-store.postgres.ts'
import type { EventStore } from './event-store.ts'
import { describePostgres, type PostgresBench, ports } from './postgres/bench.contract.ts'
import { append, appendTo, eventually, row } from './store/contract/parts.contract.ts'

/** A circle of commits that wait for one another would not be broken up, and so would show. */
const settings = { deadlock_timeout: '10min' }

const suite = (bench: PostgresBench): void => {
  eventStoreContract({ name: 'the PostgreSQL store', durable: true, runs: 15, open: () => openOn(bench) })
  lostAnswers(bench)

  it('waits for a row that somebody else is changing, and takes the change into account', async () => {
    const schema = bench.schema()
    await using store = await openPostgresStore({ ...ports, database: bench.database, schema })
    await store.commit({ rows: [row('x')] })
    await using other = await lockRows(bench, schema)
    const waiting = store.commit({ rows: [row('x', {}, { expect: { version: 1 } })] })
    await wait(50)
    await other.change()
    expect(await waiting).toEqual({ ok: false, error: { code: 'CONFLICT', on: ['goods/shelf/x'] } })
  })

  it('lets many processes change the same rows in any order, without one giving way to another', async () => {
    const schema = bench.schema()
    const sorts = ['a', 'b', 'c', 'd', 'e']
    const stores = await Promise.all(
      [0, 1, 2].map(() => openPostgresStore({ ...ports, database: bench.database, schema })),
    )
    const commits = Array.from({ length: 60 }, (_, i) => {
      const rows = [...sorts.slice(i % 5), ...sorts.slice(0, i % 5)].map((sort) => row(sort))
      return stores[i % 3]?.commit({ rows: i % 2 === 0 ? rows : rows.toReversed() })
    })
    expect((await Promise.all(commits)).every((committed) => committed?.ok)).toBe(true)
    const found = await stores[0]?.getMany(sorts.map((sort) => row(sort)))
    expect(found?.map((one) => one?.version)).toEqual([60, 60, 60, 60, 60])
  })

  it('keeps stores in schemas of one database apart', async () => {
    await using ada = await openOn(bench)
    await using bo = await openOn(bench)
    await append(ada.store, appendTo('a', 0))
    expect(await bo.store.load('a')).toEqual([])
  })

  it('forgets rows some time after they expired', async () => {
    const clock = createVirtualClock()
    const schema = bench.schema()
    await using store = await openPostgresStore({ ...ports, clock, database: bench.database, schema })
    await store.commit({ rows: [row('x', {}, { expiresAt: clock.now() + 1000 }), row('y')] })
    clock.advance(120_000)
    await store.commit({ rows: [row('z')] })
    await store[Symbol.asyncDispose]()
    await using again = await openPostgresStore({ ...ports, database: bench.database, schema })
    expect(
      (await again.query({ table: 'goods', partition: 'shelf', limit: 9 })).rows.map(({ sort }) => sort),
    ).toEqual(['y', 'z'])
  })

  it('finishes what is waiting when it is closed and refuses what comes later', async () => {
    const database = bench.connect()
    const store = await openPostgresStore({ ...ports, database, schema: bench.schema() })
    const waiting = Array.from({ length: 30 }, (_, i) => store.commit({ appends: [appendTo(`a${i}`, 0)] }))
    await store[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
    expect((await Promise.all(waiting)).every(({ ok }) => ok)).toBe(true)
    await expect(store.load('a')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await expect(store.commit({ appends: [appendTo('a', 1)] })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    })
  })
}

describePostgres('on PostgreSQL', suite, { settings })

function lostAnswers(bench: PostgresBench): void {
  describe('a commit whose answer gets lost', () => {
    const committed = { ok: true, value: { versions: [2] } }

    it('is done once, with events, though it gets lost twice in a row', async () => {
      await using far = await behindProxy(bench)
      far.proxy.loseAnswers('commit_1', 2)
      expect(await far.store.commit({ appends: [appendTo('a', 0, 2)], rows: [row('x')] })).toEqual(committed)
      expect(await far.store.load('a')).toHaveLength(2)
      expect((await far.store.get(row('x')))?.version).toBe(1)
    })

    it('is done once, with rows alone, whatever it expects of them', async () => {
      await using far = await behindProxy(bench)
      const one = { ok: true, value: { versions: [] } }
      for (const expected of ['absent', 'any', { version: 2 }] as const) {
        far.proxy.loseAnswers('commit_1', 1)
        expect(await far.store.commit({ rows: [row('x', {}, { expect: expected })] })).toEqual(one)
      }
      expect((await far.store.get(row('x')))?.version).toBe(3)
    })

    it('is still refused when it was refused', async () => {
      await using far = await behindProxy(bench)
      await append(far.store, appendTo('a', 0))
      far.proxy.loseAnswers('commit_1', 1)
      const conflict = { ok: false, error: { code: 'CONFLICT', on: ['a'] } }
      expect(await far.store.commit({ appends: [appendTo('a', 0)], rows: [row('x')] })).toEqual(conflict)
      expect(await far.store.get(row('x'))).toBeUndefined()
    })

    it.each([
      ['with events', [appendTo('a', 0, 2)], committed],
      ['with rows alone', [], { ok: true, value: { versions: [] } }],
    ])('is done once though the line broke in the middle of its work, %s', async (_, appends, expected) => {
      await using far = await behindProxy(bench)
      await far.store.commit({ rows: [row('x')] })
      await using other = await lockRows(bench, far.schema)
      const heard = far.proxy.heard('commit_1')
      const committing = far.store.commit({ appends, rows: [row('x')] })
      await eventually(heard, 'the commit on its way')
      await wait(50)
      far.proxy.cut()
      await wait(100)
      await other.release()
      expect(await committing).toEqual(expected)
      expect((await far.store.get(row('x')))?.version).toBe(2)
      expect(await far.store.load('a')).toHaveLength(appends.length * 2)
    })

    it('is never done twice, on a line that breaks again and again', async () => {
      await using far = await behindProxy(bench)
      const names = Array.from({ length: 6 }, (_, n) => `w-${n}`)
      const writing = Promise.all(names.map((name) => writeAndCount(far.store, name, 25)))
      for (let cuts = 0; cuts < 15; cuts++) {
        await wait(30 + 10 * (cuts % 7))
        far.proxy.cut()
      }
      const unsure = (await writing).reduce((sum, one) => sum + one, 0)
      const count = (await far.store.get(row('count')))?.version ?? 0
      const streams = await Promise.all(names.map((name) => far.store.load(name)))
      expect(streams.flat()).toHaveLength(count)
      expect(count).toBeGreaterThanOrEqual(150)
      expect(count).toBeLessThanOrEqual(150 + unsure)
    }, 60_000)
  })
}

/** Commits an event and the common row until so many are acknowledged. Answers how many ended in a fault. */
async function writeAndCount(store: EventStore, stream: string, count: number): Promise<number> {
  let unsure = 0
  for (let acknowledged = 0; acknowledged < count; ) {
    try {
      const head = (await store.load(stream)).length
      const committed = await store.commit({ appends: [appendTo(stream, head)], rows: [row('count')] })
      if (committed.ok) acknowledged += 1
    } catch {
      unsure += 1
      await wait(20)
    }
  }
  return unsure
}

async function openOn(bench: PostgresBench): Promise<StoreBench> {
  const options = { ...ports, database: bench.database, schema: bench.schema() }
  let store = await openPostgresStore(options)
  return {
    get store() {
      return store
    },
    async reopen() {
      await store[Symbol.asyncDispose]()
      store = await openPostgresStore(options)
      return store
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}

interface Far extends AsyncDisposable {
  readonly proxy: TcpProxy
  readonly store: EventStore
  readonly schema: string
}

async function behindProxy(bench: PostgresBench): Promise<Far> {
  const proxy = await startTcpProxy(Number(new URL(bench.server.endpoint).port))
  const database = bench.connect({ url: bench.url({ port: proxy.port }) })
  const schema = bench.schema()
  const store = await openPostgresStore({ ...ports, database, schema })
  return {
    proxy,
    store,
    schema,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
      await proxy[Symbol.asyncDispose]()
    },
  }
}

interface RowLock extends AsyncDisposable {
  /** Changes the rows, then gives them free. */
  change(): Promise<void>
  /** Gives them free as they were. */
  release(): Promise<void>
}

/** Somebody else at work on all the rows of a store. */
async function lockRows(bench: PostgresBench, schema: string): Promise<RowLock> {
  const database = bench.connect({ maxConnections: 1 })
  const locked = Promise.withResolvers<void>()
  const decided = Promise.withResolvers<'COMMIT' | 'ROLLBACK'>()
  const done = database.once(async (session) => {
    await session.run({ text: `BEGIN; UPDATE ${schema}.rows SET version = version + 1` })
    locked.resolve()
    await session.run({ text: await decided.promise })
  })
  await locked.promise
  const decide = async (how: 'COMMIT' | 'ROLLBACK'): Promise<void> => {
    decided.resolve(how)
    await done
  }
  return {
    change: () => decide('COMMIT'),
    release: () => decide('ROLLBACK'),
    async [Symbol.asyncDispose]() {
      await decide('ROLLBACK')
      await database[Symbol.asyncDispose]()
    },
  }
}
