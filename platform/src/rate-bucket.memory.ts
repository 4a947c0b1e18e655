import type { Clock } from './clock.ts'
import { invariant } from './invariant.ts'
import type { RateBucket, RateLimit, Taken } from './rate-bucket.ts'

export interface MemoryRateOptions {
  readonly limit: RateLimit
  readonly clock: Clock
  /** Beyond these the one that was used longest ago is forgotten, and full again. Default 100,000, about 20 MB. */
  readonly maxKeys?: number
}

interface Bucket {
  readonly tokens: number
  readonly at: number
}

const MOST_KEYS = 100_000

/** Buckets of this process alone. */
export function createMemoryRateBucket({ limit, clock, maxKeys = MOST_KEYS }: MemoryRateOptions): RateBucket {
  const { capacity, perSecond } = limit
  const perMs = perSecond / 1000
  const buckets = new Map<string, Bucket>()

  function tokensOf(key: string, now: number): number {
    const bucket = buckets.get(key)
    return bucket ? Math.min(capacity, bucket.tokens + Math.max(0, now - bucket.at) * perMs) : capacity
  }

  function keep(key: string, bucket: Bucket): void {
    // Taken out first, so that the order of the map is that of use.
    buckets.delete(key)
    buckets.set(key, bucket)
    const [oldest] = buckets.size > maxKeys ? buckets.keys() : []
    if (oldest !== undefined) buckets.delete(oldest)
  }

  return {
    async take(key, cost = 1) {
      invariant(cost > 0 && cost <= capacity, 'What is taken fits into a full bucket.')
      const now = clock.now()
      const tokens = tokensOf(key, now)
      const taken = weigh(tokens, cost, perMs)
      keep(key, { tokens: taken.allowed ? tokens - cost : tokens, at: now })
      return taken
    },
  }
}

function weigh(tokens: number, cost: number, perMs: number): Taken {
  if (tokens >= cost) return { allowed: true, remaining: Math.floor(tokens - cost), retryAfterMs: 0 }
  return { allowed: false, remaining: Math.floor(tokens), retryAfterMs: Math.ceil((cost - tokens) / perMs) }
}
