import { openRedis, type RedisOptions } from '@stoa/platform/redis-connection'
import { createRedisCache } from '@stoa/platform/shared-cache.redis'
import type { SharedPlans } from './options.ts'

export interface RedisPlansOptions extends Pick<RedisOptions, 'url' | 'clock' | 'random' | 'log'> {
  /** What gateways alone know. Without it, whoever may write to Redis decides what subgraphs are asked. */
  readonly secret?: string
  /** How long a new document waits for Redis before it is planned here. Default 50 ms. */
  readonly patienceMs?: number
}

export interface RedisPlans extends SharedPlans, AsyncDisposable {}

const DAY_MS = 24 * 60 * 60 * 1000
/** From when it was made, not from when it was read: what a planner did wrong ends by itself. */
const KEPT_MS = 7 * DAY_MS
const MOST_BYTES = 256 * 1024

/**
 * Plans in Redis. The connection is one of its own: a long plan does not hold up who counts rates there, and a
 * shorter deadline is not their trouble.
 */
export function openRedisPlans({ secret, patienceMs = 50, ...options }: RedisPlansOptions): RedisPlans {
  const redis = openRedis({ ...options, timeoutMs: patienceMs })
  const rules = { name: 'plans', ttlMs: KEPT_MS, maxBytes: MOST_BYTES }
  const cache = createRedisCache({ ...rules, redis, prefix: 'stoa:plan:', log: options.log })
  return {
    cache,
    ...(secret !== undefined && { secret }),
    [Symbol.asyncDispose]: () => redis[Symbol.asyncDispose](),
  }
}
