import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { SharedCache, SharedCacheRules } from './shared-cache.ts'

export interface CacheBench extends AsyncDisposable {
  /** One of several doors to the same cache, which is empty at first. */
  open(rules: SharedCacheRules): SharedCache
  /** Lets time pass. */
  pass(ms: number): Promise<void>
}

const rules: SharedCacheRules = { name: 'tests', ttlMs: 60_000, maxBytes: 100 }
const asText = (value: string): string => value

/** What every engine of shared caches must satisfy. */
export function sharedCacheContract(name: string, openBench: () => Promise<CacheBench>): void {
  describe(`${name} keeps the contract of a shared cache`, () => {
    let bench: CacheBench
    beforeEach(async () => {
      bench = await openBench()
    })
    afterEach(async () => await bench[Symbol.asyncDispose]())

    it('answers whoever asks with what anybody wrote, and nothing where nobody did', async () => {
      const [ada, bo] = [bench.open(rules), bench.open(rules)]
      expect(await bo.get('scarf', asText)).toBeUndefined()
      await ada.set('scarf', 'lana è calda 🧣')
      expect(await bo.get('scarf', asText)).toBe('lana è calda 🧣')
      expect(await bo.get('scarves', asText)).toBeUndefined()
    })

    it('keeps what was written last', async () => {
      const cache = bench.open(rules)
      await cache.set('scarf', 'red')
      await cache.set('scarf', 'blue')
      expect(await cache.get('scarf', asText)).toBe('blue')
    })

    it('forgets a value when its time has passed, however often it was read', async () => {
      const cache = bench.open({ ...rules, ttlMs: 400 })
      await cache.set('scarf', 'red')
      await bench.pass(100)
      expect(await cache.get('scarf', asText)).toBe('red')
      await bench.pass(350)
      expect(await cache.get('scarf', asText)).toBeUndefined()
    })

    it('keeps no value over the limit, and the one before stays', async () => {
      const cache = bench.open({ ...rules, maxBytes: 6 })
      await cache.set('scarf', 'è calda')
      expect(await cache.get('scarf', asText)).toBeUndefined()
      await cache.set('scarf', 'è cald')
      expect(await cache.get('scarf', asText)).toBeUndefined()
      await cache.set('scarf', 'è cal')
      await cache.set('scarf', 'è calda')
      expect(await cache.get('scarf', asText)).toBe('è cal')
    })

    it('answers nothing where a value cannot be read, and takes another', async () => {
      const cache = bench.open(rules)
      const asNumber = (value: string): number | undefined => JSON.parse(value).number
      await cache.set('size', '{"number":')
      expect(await cache.get('size', asNumber)).toBeUndefined()
      await cache.set('size', '{"name":"M"}')
      expect(await cache.get('size', asNumber)).toBeUndefined()
      await cache.set('size', '{"number":42}')
      expect(await cache.get('size', asNumber)).toBe(42)
    })

    it('answers many who ask and write together', async () => {
      const cache = bench.open(rules)
      const keys = Array.from({ length: 200 }, (_, i) => `k${i}`)
      await Promise.all(keys.map((key) => cache.set(key, key.toUpperCase())))
      const found = await Promise.all(keys.map((key) => cache.get(key, asText)))
      expect(found).toEqual(keys.map((key) => key.toUpperCase()))
    })
  })
}
