import { spawnSync } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from '@jest/globals'
import { startPostgres } from '@stoa/servers/postgres'
import { handledBeforeKill } from '../../../test/worker-killed.ts'
import type { RecordedEvent } from '../../event.ts'
import { openPostgresStore, type PostgresStoreOptions } from '../../event-store.postgres.ts'
import type { EventStore } from '../../event-store.ts'
import { describePostgres, type PostgresBench, ports } from '../../postgres/bench.contract.ts'
import { openPostgres } from '../../postgres/open.ts'
import { append, appendTo, eventually, expectInOrder, names } from '../contract/parts.contract.ts'

const main = new URL('../../../test/follow-postgres-main.ts', import.meta.url).pathname

describePostgres('the change feed on PostgreSQL', (bench) => {
  function open(schema: string, more: Partial<PostgresStoreOptions> = {}): Promise<EventStore> {
    return openPostgresStore({ ...ports, database: bench.database, schema, ...more })
  }

  it('loses nothing of a commit that began earlier and ended later than another', async () => {
    const schema = bench.schema()
    await using store = await open(schema)
    const told: RecordedEvent[] = []
    await using _ = await store.follow('relay', async (events) => void told.push(...events))
    const slow = await slowCommit(bench, schema)
    await append(store, appendTo('fast', 0, 2))
    await wait(400)
    expect(names(told)).toEqual([])
    await slow.finish()
    await eventually(() => told.length === 3, 'all three')
    expect(names(told)).toEqual(['slow@1', 'fast@1', 'fast@2'])
  })

  it('goes on when the commit that held it up is undone', async () => {
    const schema = bench.schema()
    await using store = await open(schema)
    const told: RecordedEvent[] = []
    await using _ = await store.follow('relay', async (events) => void told.push(...events))
    const slow = await slowCommit(bench, schema)
    await append(store, appendTo('fast', 0))
    await slow.giveUp()
    await eventually(() => told.length === 1, 'the other')
    expect(names(told)).toEqual(['fast@1'])
  })

  it('tells in order while many processes write the same streams', async () => {
    const schema = bench.schema()
    const stores = await Promise.all(Array.from({ length: 4 }, () => open(schema)))
    const told: RecordedEvent[] = []
    const [first] = stores
    await using _ = await first?.follow('relay', async (events) => void told.push(...events))
    const write = async (store: EventStore, n: number): Promise<void> => {
      for (let i = 0; i < 60; i++) {
        const stream = `s-${(i + n) % 3}`
        const head = (await store.load(stream)).length
        await store.commit({ appends: [appendTo(stream, head, 1 + (i % 2))] })
      }
    }
    await Promise.all([...stores, ...stores].map(write))
    const streams = await Promise.all([0, 1, 2].map(async (n) => await first?.load(`s-${n}`)))
    const expected = streams.flatMap((events) => events ?? [])
    await eventually(() => told.length >= expected.length, `${expected.length} events`)
    expectInOrder(told)
    expect(names(told).toSorted()).toEqual(names(expected).toSorted())
    for (const store of stores) await store[Symbol.asyncDispose]()
  })

  it('hears at once of what another process commits, by a bell', async () => {
    const schema = bench.schema()
    await using ada = await open(schema, { pollMs: 3_600_000 })
    await using database = bench.connect()
    await using bo = await openPostgresStore({ ...ports, database, schema })
    const told: RecordedEvent[] = []
    await using _ = await ada.follow('relay', async (events) => void told.push(...events))
    for (let i = 0; i < 3; i++) {
      await append(bo, appendTo('a', i))
      await eventually(() => told.length === i + 1, 'the event of the other')
    }
  })

  it('is told by one process at a time under one name; the next takes over when the first closes', async () => {
    const schema = bench.schema()
    await using ada = await open(schema, { leaseMs: 400 })
    await using bo = await open(schema, { leaseMs: 400 })
    const [first, second]: [RecordedEvent[], RecordedEvent[]] = [[], []]
    const following = await ada.follow('relay', async (events) => void first.push(...events))
    await append(bo, appendTo('a', 0))
    await eventually(() => first.length === 1, 'the first event')
    await using _ = await bo.follow('relay', async (events) => void second.push(...events))
    await wait(1000)
    await append(bo, appendTo('a', 1))
    await eventually(() => first.length === 2, 'the second event')
    await following[Symbol.asyncDispose]()
    await append(ada, appendTo('a', 2))
    await eventually(() => second.length === 1, 'the third event')
    expect([names(first), names(second)]).toEqual([['a@1', 'a@2'], ['a@3']])
  })

  it('keeps its place while a handler takes longer than the lease', async () => {
    const schema = bench.schema()
    await using ada = await open(schema, { leaseMs: 300 })
    await using bo = await open(schema, { leaseMs: 300 })
    const [first, second]: [RecordedEvent[], RecordedEvent[]] = [[], []]
    await using _one = await ada.follow('relay', async (events) => {
      first.push(...events)
      await wait(1200)
    })
    await append(ada, appendTo('a', 0))
    await eventually(() => first.length === 1, 'the event')
    await using _two = await bo.follow('relay', async (events) => void second.push(...events))
    await wait(1000)
    expect(names(second)).toEqual([])
  })

  it('does not let the late word of a process that was overtaken move the checkpoint', async () => {
    const schema = bench.schema()
    // Its clock stands still, so that it never learns that its lease has run out.
    const clock = { now: () => 0, schedule: () => ({ cancel: () => {} }) }
    await using ada = await open(schema, { clock, leaseMs: 200 })
    const hung = Promise.withResolvers<void>()
    const told: RecordedEvent[] = []
    void (await ada.follow('relay', async (events) => {
      told.push(...events)
      await hung.promise
    }))
    await append(ada, appendTo('a', 0))
    await eventually(() => told.length === 1, 'the first try')
    await using bo = await open(schema, { leaseMs: 200 })
    const again: RecordedEvent[] = []
    await using _ = await bo.follow('relay', async (events) => {
      again.push(...events)
      if (again.length === 1) throw new Error('not yet')
    })
    await eventually(() => again.length === 1, 'the second try')
    hung.resolve()
    await eventually(() => again.length === 2, 'the third try')
    expect(names(again)).toEqual(['a@1', 'a@1'])
  })

  it('is taken over from a process that was killed, and nothing is lost', async () => {
    const schema = bench.schema()
    await using store = await open(schema, { leaseMs: 500 })
    const all = Array.from({ length: 300 }, (_, i) => appendTo(`s-${i % 10}`, Math.floor(i / 10)))
    for (const one of all) await append(store, one)
    const told: string[] = []
    const worker = [main, bench.server.endpoint, schema, '500']
    for (const enough of [40, 160]) {
      // A kill may come late, and the first process have told more than it was let live for.
      const isEnough = (ids: readonly string[]): boolean => new Set([...told, ...ids]).size >= enough
      if (new Set(told).size < all.length) told.push(...(await handledBeforeKill(worker, isEnough)))
    }
    const rest: RecordedEvent[] = []
    await using _ = await store.follow('relay', async (events) => void rest.push(...events))
    await eventually(() => new Set([...told, ...names(rest)]).size === 300, 'all events')
  })

  it('goes on after a dump was restored in another cluster, whose transactions have lower numbers', async () => {
    const schema = bench.schema()
    await bench.database.run({
      text: 'DO $$ BEGIN FOR i IN 1 .. 3000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$',
    })
    const before = await open(schema)
    await append(before, appendTo('a', 0))
    const early: RecordedEvent[] = []
    const following = await before.follow('relay', async (events) => void early.push(...events))
    await eventually(() => early.length === 1, 'the first event')
    await following[Symbol.asyncDispose]()
    await append(before, appendTo('a', 1))
    await before[Symbol.asyncDispose]()

    await using elsewhere = await startPostgres()
    restore(bench.server.endpoint, elsewhere.endpoint, schema)
    await using database = openPostgres({ ...ports, url: elsewhere.endpoint })
    await using after = await openPostgresStore({ ...ports, database, schema })
    await append(after, appendTo('a', 2), appendTo('b', 0))
    const told: RecordedEvent[] = []
    await using _ = await after.follow('relay', async (events) => void told.push(...events))
    await eventually(() => told.length === 3, 'all events')
    expect(names(told)).toEqual(['a@2', 'a@3', 'b@1'])
  })
})

function restore(from: string, to: string, schema: string): void {
  const dump = spawnSync('pg_dump', ['-d', from, '-n', schema], { maxBuffer: 1e8 })
  const restored = spawnSync('psql', ['-q', '-v', 'ON_ERROR_STOP=1', '-d', to], { input: dump.stdout })
  expect([dump.status, restored.status, restored.stderr.toString()]).toEqual([0, 0, ''])
}

/** A commit of `slow@1` that has its number and is not yet through. */
async function slowCommit(
  bench: PostgresBench,
  schema: string,
): Promise<{ finish(): Promise<void>; giveUp(): Promise<void> }> {
  const database = bench.connect({ maxConnections: 1 })
  const begun = Promise.withResolvers<void>()
  const decided = Promise.withResolvers<'COMMIT' | 'ROLLBACK'>()
  const none = 'ARRAY[]::text[]'
  const numbers = 'ARRAY[]::bigint[]'
  const event = `ARRAY['slow'], ARRAY[1], ARRAY['E-slow'], ARRAY['Counted'], ARRAY[1], ARRAY['{}'], ARRAY['{}']`
  const done = database.once(async (session) => {
    await session.run({
      text: `BEGIN; SELECT ${schema}.commit_1(gen_random_uuid(), false, ARRAY['slow'], ARRAY[0], ${event},
        ${none}, ${none}, ${none}, ${numbers}, ${none}, ${numbers})`,
    })
    begun.resolve()
    await session.run({ text: await decided.promise })
  })
  await begun.promise
  const end = async (how: 'COMMIT' | 'ROLLBACK'): Promise<void> => {
    decided.resolve(how)
    await done
    await database[Symbol.asyncDispose]()
  }
  return { finish: () => end('COMMIT'), giveUp: () => end('ROLLBACK') }
}
