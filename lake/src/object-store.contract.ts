import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { listAll, type NewObject, type ObjectStore } from './object-store.ts'

export interface ObjectsBench extends AsyncDisposable {
  readonly objects: ObjectStore
}

const text = (key: string, body: string): NewObject => ({
  key,
  body: new TextEncoder().encode(body),
  contentType: 'text/plain',
})

async function keysOf(objects: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = []
  for await (const key of listAll(objects, prefix)) keys.push(key)
  return keys
}

/** What every place for objects must satisfy. */
export function objectStoreContract(name: string, open: () => Promise<ObjectsBench>): void {
  describe(`${name} keeps the contract of an object store`, () => {
    let bench: ObjectsBench
    let objects: ObjectStore
    beforeEach(async () => {
      bench = await open()
      objects = bench.objects
    })
    afterEach(async () => await bench[Symbol.asyncDispose]())

    it('gives back what was put', async () => {
      expect(await objects.putOnce(text('a/b=1/c.txt', 'ada'))).toBe('written')
      expect(Buffer.from((await objects.get('a/b=1/c.txt')) ?? []).toString()).toBe('ada')
    })

    it('writes a key once: who comes later learns that it is kept', async () => {
      await objects.putOnce(text('a', 'ada'))
      expect(await objects.putOnce(text('a', 'bo'))).toBe('kept')
      expect(Buffer.from((await objects.get('a')) ?? []).toString()).toBe('ada')
    })

    it('lets one of many writers win', async () => {
      const names = Array.from({ length: 8 }, (_, i) => `writer ${i}`)
      const outcomes = await Promise.all(names.map((name) => objects.putOnce(text('a/b', name))))
      expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1)
      const winner = names[outcomes.indexOf('written')]
      expect(Buffer.from((await objects.get('a/b')) ?? []).toString()).toBe(winner)
    })

    it('knows what is not there', async () => {
      expect(await objects.get('nowhere/x')).toBeUndefined()
      expect(await keysOf(objects, 'nowhere/')).toEqual([])
    })

    it('keeps names that are not plain, as they are', async () => {
      const key = 'type=A%2FB/x y+z.txt'
      await objects.putOnce(text(key, 'ada'))
      expect(await keysOf(objects, 'type=A%2FB/')).toEqual([key])
      expect(await objects.get(key)).toBeDefined()
    })

    it('lists what begins with a prefix, in order, page by page', async () => {
      const keys = Array.from({ length: 1003 }, (_, i) => `many/${String(i).padStart(4, '0')}`)
      for (let at = 0; at < keys.length; at += 50)
        await Promise.all(keys.slice(at, at + 50).map((key) => objects.putOnce(text(key, key))))
      await objects.putOnce(text('many-more', ''))
      const first = await objects.list({ prefix: 'many/' })
      expect(first.keys).toHaveLength(1000)
      expect(first.next).toBe('many/0999')
      expect(await keysOf(objects, 'many/')).toEqual(keys)
      expect(await keysOf(objects, 'many/00')).toHaveLength(100)
    })

    it('forgets what is removed, and bears to be told twice', async () => {
      await objects.putOnce(text('a/1', 'ada'))
      await objects.putOnce(text('a/2', 'bo'))
      await objects.remove(['a/1', 'a/3'])
      await objects.remove(['a/1'])
      await objects.remove([])
      expect(await keysOf(objects, 'a/')).toEqual(['a/2'])
      expect(await objects.putOnce(text('a/1', 'cleo'))).toBe('written')
    })
  })
}
