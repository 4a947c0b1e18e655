import type { Clock } from './clock.ts'
import { countRead, countWrite, type SharedCache, type SharedCacheRules, tryToRead } from './shared-cache.ts'

export interface MemoryCacheOptions extends SharedCacheRules {
  readonly clock: Clock
  /** Beyond these the one that was used longest ago is forgotten. Default 1,000. */
  readonly maxValues?: number
}

/** Shared by whatever is in this process. */
export function createMemoryCache(options: MemoryCacheOptions): SharedCache {
  const { clock, name, ttlMs, maxBytes, maxValues = 1_000 } = options
  const entries = new Map<string, { readonly value: string; readonly until: number }>()

  function find(key: string): string | undefined {
    const entry = entries.get(key)
    entries.delete(key)
    if (!entry || entry.until <= clock.now()) return undefined
    // Put in again, so that the order of the map is that of use.
    entries.set(key, entry)
    return entry.value
  }

  return {
    async get(key, read) {
      const value = find(key)
      const known = value === undefined ? undefined : tryToRead(value, read)
      if (value === undefined) countRead(name, 'miss')
      else countRead(name, known === undefined ? 'unreadable' : 'hit')
      return known
    },
    async set(key, value) {
      if (Buffer.byteLength(value) > maxBytes) return countWrite(name, 'too_large')
      entries.delete(key)
      entries.set(key, { value, until: clock.now() + ttlMs })
      const [oldest] = entries.size > maxValues ? entries.keys() : []
      if (oldest !== undefined) entries.delete(oldest)
      countWrite(name, 'kept')
    },
  }
}
