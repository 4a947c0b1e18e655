import type { Log } from './log.ts'
import { createAwayNote } from './note-away.ts'
import { type RedisConnection, refuseFull, refuseReply } from './redis-connection.ts'
import { countRead, countWrite, type SharedCache, type SharedCacheRules, tryToRead } from './shared-cache.ts'

export interface RedisCacheOptions extends SharedCacheRules {
  /** Its deadline is how long a miss may take. */
  readonly redis: RedisConnection
  /** Before every key: `stoa:plan:`. */
  readonly prefix: string
  readonly log: Log
}

/** A value is a string with a time to live. Away, slow, full and taken by something else are misses. */
export function createRedisCache(options: RedisCacheOptions): SharedCache {
  const { redis, prefix, name, ttlMs, maxBytes, log } = options
  const reading = createAwayNote(log, {
    away: `Redis does not answer: each process has ${name} of its own.`,
    back: `Redis answers again: ${name} are shared.`,
  })
  const writing = createAwayNote(log, {
    away: `Redis does not keep ${name}: each process has its own.`,
    back: `Redis keeps ${name} again.`,
  })
  let hasComplained = false

  function complain(): void {
    countRead(name, 'unreadable')
    if (hasComplained) return
    hasComplained = true
    log.warn(
      { prefix },
      `Something in Redis is none of our ${name}: it is replaced. Check who else writes there.`,
    )
  }

  async function fetchValue(key: string): Promise<string> {
    // No more than the longest value and a byte, whatever somebody put there.
    const asked = ['GETRANGE', prefix + key, '0', String(maxBytes)]
    const reply = await redis.command(asked, { expect: ['WRONGTYPE'] })
    if (typeof reply !== 'string') throw refuseReply('GETRANGE')
    return reply
  }

  async function tryToGet(key: string): Promise<string | undefined> {
    try {
      const value = await fetchValue(key)
      reading.back()
      return value
    } catch (reason) {
      reading.away(reason)
      return undefined
    }
  }

  return {
    async get(key, read) {
      const value = await tryToGet(key)
      const known = value ? tryToRead(value, read) : undefined
      if (value === undefined) countRead(name, 'failure')
      // What is not there is empty.
      else if (value === '') countRead(name, 'miss')
      else if (known === undefined) complain()
      else countRead(name, 'hit')
      return known
    },
    async set(key, value) {
      if (Buffer.byteLength(value) > maxBytes) return countWrite(name, 'too_large')
      try {
        const asked = ['SET', prefix + key, value, 'PX', String(ttlMs)]
        // Full, it still answers what it has: no reason to ask it less.
        const reply = await redis.command(asked, { expect: ['OOM'] })
        if (reply !== 'OK') throw refuseFull()
        writing.back()
        countWrite(name, 'kept')
      } catch (reason) {
        writing.away(reason)
        countWrite(name, 'failure')
      }
    },
  }
}
