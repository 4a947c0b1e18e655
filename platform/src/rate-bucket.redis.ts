import { hash } from 'node:crypto'
import { invariant } from './invariant.ts'
import type { Log } from './log.ts'
import { createAwayNote } from './note-away.ts'
import type { RateBucket, RateLimit, Taken } from './rate-bucket.ts'
import { type RedisConnection, refuseReply } from './redis-connection.ts'

export interface RedisRateOptions {
  readonly redis: RedisConnection
  readonly limit: RateLimit
  /** Before every key: `stoa:rate:`. One prefix, one limit. */
  readonly prefix: string
  /**
   * Asked while Redis does not answer: a bucket of this process. Each process then counts for itself, so that n of
   * them allow n times as much, and nobody is refused because Redis is away.
   */
  readonly fallback: RateBucket
  readonly log: Log
}

/** Buckets that several processes share. One script looks and takes, by the clock of Redis, so nothing comes between. */
export function createRedisRateBucket(options: RedisRateOptions): RateBucket {
  const { redis, limit, prefix, fallback, log } = options
  const note = createAwayNote(log, {
    away: 'Redis does not answer: each process limits by itself.',
    back: 'Redis answers again: limits are shared.',
  })

  return {
    async take(key, cost = 1) {
      invariant(cost > 0 && cost <= limit.capacity, 'What is taken fits into a full bucket.')
      const args = [prefix + key, String(limit.capacity), String(limit.perSecond / 1000), String(cost)]
      try {
        const taken = readTaken(await runScript(redis, args))
        note.back()
        return taken
      } catch (reason) {
        note.away(reason)
        return await fallback.take(key, cost)
      }
    },
  }
}

/** A bucket is a hash of its tokens and when they were counted; it goes when it would be full again. */
const SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local capacity, perMs, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = tonumber(bucket[1]) or capacity
local passed = math.max(0, now - (tonumber(bucket[2]) or now))
tokens = math.min(capacity, tokens + passed * perMs)
local allowed = tokens >= cost
if allowed then tokens = tokens - cost end
redis.call('HSET', KEYS[1], 'tokens', string.format('%.17g', tokens), 'at', string.format('%.17g', now))
redis.call('PEXPIRE', KEYS[1], math.ceil((capacity - tokens) / perMs) + 1000)
return {allowed and 1 or 0, math.floor(tokens), allowed and 0 or math.ceil((cost - tokens) / perMs)}
`
const DIGEST = hash('sha1', SCRIPT)

/** By its digest; as a whole only where Redis has not seen it since its start. */
async function runScript(redis: RedisConnection, args: readonly string[]): Promise<unknown> {
  const known = await redis.command(['EVALSHA', DIGEST, '1', ...args], { expect: ['NOSCRIPT'] })
  return known === 'NOSCRIPT' ? await redis.command(['EVAL', SCRIPT, '1', ...args]) : known
}

function readTaken(reply: unknown): Taken {
  const [allowed, remaining, retryAfterMs] = Array.isArray(reply) ? reply.map(Number) : []
  if (remaining === undefined || retryAfterMs === undefined) throw refuseReply('a script that takes tokens')
  return { allowed: allowed === 1, remaining, retryAfterMs }
}
