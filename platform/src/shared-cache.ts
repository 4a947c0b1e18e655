import { metrics } from '@opentelemetry/api'

/** What several processes remember together. Any value may be gone at any moment, and nobody fails or waits for that. */
export interface SharedCache {
  /**
   * What `read` makes of the value. Undefined when there is none, when it is not had in time, and when `read` throws
   * or answers undefined: whoever else writes there must not be trusted with more. Never rejects.
   */
  get<T>(key: string, read: (value: string) => T | undefined): Promise<T | undefined>
  /** Resolves when it is kept or given up; a value over the limit is not kept. Never rejects. */
  set(key: string, value: string): Promise<void>
}

export interface SharedCacheRules {
  /** What is cached, for metrics and the log: `plans`. */
  readonly name: string
  /** How long a value is kept from when it was written. Reading does not make it longer. */
  readonly ttlMs: number
  /** Of one value, in UTF-8. */
  readonly maxBytes: number
}

export type CacheRead = 'hit' | 'miss' | 'unreadable' | 'failure'
export type CacheWrite = 'kept' | 'too_large' | 'failure'

/** Counts as `stoa.cache.reads`. */
export function countRead(cache: string, outcome: CacheRead): void {
  counter('stoa.cache.reads', '{read}').add(1, { cache, outcome })
}

/** Counts as `stoa.cache.writes`. */
export function countWrite(cache: string, outcome: CacheWrite): void {
  counter('stoa.cache.writes', '{write}').add(1, { cache, outcome })
}

/** Undefined for whatever cannot be read. */
export function tryToRead<T>(value: string, read: (value: string) => T | undefined): T | undefined {
  try {
    return read(value)
  } catch {
    return undefined
  }
}

function counter(
  name: string,
  unit: string,
): ReturnType<ReturnType<typeof metrics.getMeter>['createCounter']> {
  return metrics.getMeter('stoa').createCounter(name, { unit })
}
