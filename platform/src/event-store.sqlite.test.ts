import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from '@jest/globals'
import { temporaryFolder } from '../test/temporary-folder.ts'
import { systemClock } from './clock.ts'
import { createVirtualClock } from './clock.virtual.ts'
import type { RecordedEvent } from './event.ts'
import { eventStoreContract } from './event-store.contract.ts'
import { openSqliteStore } from './event-store.sqlite.ts'
import { append, appendTo, eventually, names, row } from './store/contract/parts.contract.ts'

eventStoreContract({
  name: 'the SQLite store in memory',
  durable: false,
  async open() {
    const store = await openSqliteStore({ path: ':memory:', clock: systemClock })
    return { store, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() }
  },
})

eventStoreContract({
  name: 'the SQLite store in a file',
  durable: true,
  runs: 20,
  async open() {
    const folder = await temporaryFolder()
    const openFile = () => openSqliteStore({ path: join(folder.path, 'data', 'shop.db'), clock: systemClock })
    let store = await openFile()
    return {
      get store() {
        return store
      },
      async reopen() {
        await store[Symbol.asyncDispose]()
        store = await openFile()
        return store
      },
      async [Symbol.asyncDispose]() {
        await store[Symbol.asyncDispose]()
        await folder[Symbol.asyncDispose]()
      },
    }
  },
})

describe('the SQLite store', () => {
  it('has lost nothing it acknowledged after kill -9', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'shop.db')
    const acknowledged = await acknowledgedBeforeKill(path, 400)
    await using store = await openSqliteStore({ path, clock: systemClock })
    const found = await store.getMany(acknowledged.map((sort) => ({ table: 't', partition: 'p', sort })))
    expect(found.map((one) => one?.sort)).toEqual(acknowledged)
    const streams = await Promise.all(Array.from({ length: 8 }, (_, i) => store.load(`s${i}`)))
    const kept = new Set(streams.flat().map((event) => event.id))
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([])
  })

  it('hears what another process commits to the same file', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'shop.db')
    await using ada = await openSqliteStore({ path, clock: systemClock })
    await using bo = await openSqliteStore({ path, clock: systemClock })
    const told: RecordedEvent[] = []
    await using _ = await ada.follow('relay', async (events) => void told.push(...events))
    await append(bo, appendTo('a', 0, 2))
    await eventually(() => told.length >= 2, 'the events of the other')
    expect(names(told)).toEqual(['a@1', 'a@2'])
    expect(await ada.commit({ appends: [appendTo('a', 0)] })).toMatchObject({ ok: false })
  })

  it('waits for a lock that is given back and gives up on one that is not', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'shop.db')
    const clock = createVirtualClock()
    await using store = await openSqliteStore({ path, clock })
    using other = new DatabaseSync(path)
    other.exec('BEGIN IMMEDIATE')
    const patient = store.commit({ rows: [row('x')] })
    await eventually(() => clock.nextAt() === clock.now() + 20, 'the first nap')
    other.exec('ROLLBACK')
    clock.advance(20)
    expect((await patient).ok).toBe(true)
    other.exec('BEGIN IMMEDIATE')
    const hopeless = expect(store.commit({ rows: [row('x')] })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      retryable: true,
      message: expect.stringContaining('"shop.db" is locked by another process'),
    })
    await eventually(() => clock.nextAt() === clock.now() + 20, 'the first nap')
    clock.advance(6000)
    await hopeless
  })

  it('says so when the disk is full, keeps what it acknowledged, and goes on when there is room', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'shop.db')
    const acknowledged: string[] = []
    const fill = async (): Promise<never> => {
      await using small = await openSqliteStore({ path, clock: systemClock, maxBytes: 200_000 })
      for (let i = 0; ; i++) {
        await Promise.all(
          [0, 1, 2].map((n) => small.commit({ rows: [row(`${i}-${n}`, { text: 'x'.repeat(2000) })] })),
        )
        acknowledged.push(`${i}-0`, `${i}-1`, `${i}-2`)
      }
    }
    await expect(fill()).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringMatching(/"shop.db" has no room left. Free some disk space/),
    })
    await using store = await openSqliteStore({ path, clock: systemClock })
    const found = await store.getMany(acknowledged.map((sort) => row(sort)))
    expect(acknowledged.length).toBeGreaterThan(30)
    expect(found.map((one) => one?.sort)).toEqual(acknowledged)
    expect((await store.commit({ rows: [row('more')] })).ok).toBe(true)
  })

  it('finishes what is waiting when it is closed and refuses what comes later', async () => {
    const store = await openSqliteStore({ path: ':memory:', clock: systemClock })
    const waiting = store.commit({ appends: [appendTo('a', 0)] })
    await store[Symbol.asyncDispose]()
    expect((await waiting).ok).toBe(true)
    await expect(store.load('a')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await expect(store.commit({ appends: [appendTo('a', 1)] })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    })
  })

  it('forgets rows some time after they expired', async () => {
    const clock = createVirtualClock()
    await using store = await openSqliteStore({ path: ':memory:', clock })
    await store.commit({ rows: [row('x', {}, { expiresAt: clock.now() + 1000 }), row('y')] })
    clock.advance(120_000)
    await store.commit({ rows: [row('z')] })
    expect(await store.get(row('x'))).toBeUndefined()
    expect(await store.get(row('y'))).toBeDefined()
  })
})

/** Runs a writer in a process of its own and kills it in the middle of its work. */
async function acknowledgedBeforeKill(path: string, atLeast: number): Promise<readonly string[]> {
  const main = new URL('../test/commit-until-killed-main.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [main, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
    if (said.split('\n').length > atLeast) child.kill('SIGKILL')
  })
  await once(child, 'close')
  // The last line may be cut in two by the kill.
  return said.split('\n').slice(0, -1)
}
