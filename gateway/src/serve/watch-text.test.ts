import { appendFile, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { createVirtualClock, type VirtualClock } from '@stoa/platform/clock.virtual'
import { silentLog } from '@stoa/platform/log'
import { watchText } from './watch-text.ts'

interface Watching extends AsyncDisposable {
  readonly folder: string
  readonly path: string
  /** Resolves with the next text it tells of. */
  next(): Promise<string>
  readonly clock: VirtualClock
  /** Why there was nothing to read, each time it was told of. */
  readonly missed: readonly string[]
}

async function watching(name = 'a.graphql', pollMs = 60_000): Promise<Watching> {
  const folder = await mkdtemp(join(tmpdir(), 'stoa-watch-'))
  const path = join(folder, name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, 'one')
  const told: string[] = []
  let arrived = Promise.withResolvers<void>()
  const onText = async (text: string): Promise<void> => {
    told.push(text)
    arrived.resolve()
    arrived = Promise.withResolvers()
  }
  const missed: string[] = []
  const clock = createVirtualClock()
  const onMissing = (why: string): void => void missed.push(why)
  const watched = watchText({ path, text: 'one', log: silentLog, pollMs, onText, onMissing, clock })
  return {
    ...{ folder, path, clock, missed },
    async next() {
      if (told.length === 0) await arrived.promise
      return told.shift() ?? ''
    },
    async [Symbol.asyncDispose]() {
      await watched[Symbol.asyncDispose]()
      await rm(folder, { recursive: true })
    },
  }
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await setTimeout(10)
}

describe('a watched file', () => {
  it('is followed when it is written in place, again and again', async () => {
    await using watched = await watching()
    for (const text of ['two', 'three', 'one']) {
      await writeFile(watched.path, text)
      expect(await watched.next()).toBe(text)
    }
  })

  it('is told of as a whole when it is written bit by bit', async () => {
    await using watched = await watching()
    await writeFile(watched.path, '')
    for (const part of ['t', 'w', 'o']) await appendFile(watched.path, part)
    expect(await watched.next()).toBe('two')
  })

  it('is followed when another is put in its place, more than once', async () => {
    await using watched = await watching()
    for (const text of ['two', 'three']) {
      await writeFile(join(watched.folder, 'new'), text)
      await rename(join(watched.folder, 'new'), watched.path)
      expect(await watched.next()).toBe(text)
    }
  })

  it('is waited for when it is gone', async () => {
    await using watched = await watching()
    await rm(watched.path)
    await writeFile(watched.path, 'two')
    expect(await watched.next()).toBe('two')
  })

  it('is told of as missing, once, when it stays gone or empty, and again as what it was', async () => {
    await using watched = await watching('a.graphql', 20)
    const { clock, path, missed } = watched
    await rm(path)
    await until(() => clock.nextAt() !== undefined)
    expect(missed).toEqual([])
    clock.advance(3_000)
    await until(() => missed.length === 1)
    await writeFile(path, '')
    await until(() => missed.length === 2)
    await writeFile(path, 'one')
    expect(await watched.next()).toBe('one')
    expect(missed).toEqual(['gone', 'empty'])
    expect(clock.nextAt()).toBeUndefined()
  })

  it('is not told of when it is written with what is in it', async () => {
    await using watched = await watching()
    await writeFile(watched.path, 'one')
    await writeFile(watched.path, 'two')
    expect(await watched.next()).toBe('two')
  })

  it('is followed through a folder that is exchanged as a symbolic link', async () => {
    const base = await mkdtemp(join(tmpdir(), 'stoa-link-'))
    for (const name of ['one', 'two']) {
      await mkdir(join(base, name))
      await writeFile(join(base, name, 'a.graphql'), name)
    }
    await symlink('one', join(base, 'data'))
    const told = Promise.withResolvers<string>()
    await using _watched = watchText({
      path: join(base, 'data', 'a.graphql'),
      text: 'one',
      log: silentLog,
      pollMs: 20,
      onText: async (text) => told.resolve(text),
      onMissing: () => {},
    })
    await symlink('two', join(base, 'next'))
    await rename(join(base, 'next'), join(base, 'data'))
    expect(await told.promise).toBe('two')
    await rm(base, { recursive: true })
  })
})
