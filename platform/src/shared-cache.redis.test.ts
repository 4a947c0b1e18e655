import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { LocalServer } from '@stoa/servers/local-server'
import { startRedis, whyNoRedis } from '@stoa/servers/redis'
import { systemClock } from './clock.ts'
import { type Log, silentLog } from './log.ts'
import { systemRandom } from './random.ts'
import { openRedis, type RedisConnection } from './redis-connection.ts'
import { sharedCacheContract } from './shared-cache.contract.ts'
import { createRedisCache } from './shared-cache.redis.ts'
import type { SharedCache } from './shared-cache.ts'

const ports = { clock: systemClock, random: systemRandom, log: silentLog }
const rules = { name: 'tests', ttlMs: 60_000, maxBytes: 1_000 }
const asText = (value: string): string => value
const reason = whyNoRedis()
const describeHere = reason ? describe.skip : describe

describeHere(reason ? `Redis is not tried: ${reason}` : 'on Redis', () => {
  let server: LocalServer
  let prefixes = 0

  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(async () => await server[Symbol.asyncDispose]())

  async function connect(timeoutMs = 2000): Promise<RedisConnection> {
    const redis = openRedis({ ...ports, url: server.endpoint, timeoutMs })
    await untilReady(redis)
    return redis
  }

  function open(redis: RedisConnection, prefix: string, log: Log = silentLog): SharedCache {
    return createRedisCache({ ...rules, redis, prefix, log })
  }

  sharedCacheContract('Redis', async () => {
    const redis = await connect()
    const prefix = `p${prefixes++}:`
    return {
      open: (own) => createRedisCache({ ...own, redis, prefix, log: silentLog }),
      pass: async (ms) => void (await wait(ms)),
      [Symbol.asyncDispose]: () => redis[Symbol.asyncDispose](),
    }
  })

  it('misses and keeps nothing while Redis is away, says so once, and shares again when it is back', async () => {
    const { said, log } = listening()
    await using redis = await connect()
    const cache = open(redis, 'killed:', log)
    await cache.set('scarf', 'red')
    await server.kill()
    for (const _ of [1, 2, 3]) {
      expect(await cache.get('scarf', asText)).toBeUndefined()
      await cache.set('scarf', 'blue')
    }
    expect(said).toEqual([
      expect.stringContaining('does not answer'),
      expect.stringContaining('does not keep'),
    ])
    await server.start()
    await untilReady(redis)
    expect(await cache.get('scarf', asText)).toBeUndefined()
    await cache.set('scarf', 'green')
    expect(await cache.get('scarf', asText)).toBe('green')
    expect(said.slice(2)).toEqual([
      expect.stringContaining('answers again'),
      expect.stringContaining('keeps tests again'),
    ])
  })

  it('does not keep anybody waiting for a Redis that hangs', async () => {
    await using redis = await connect(50)
    await using other = await connect()
    const cache = open(redis, 'slow:')
    await cache.set('scarf', 'red')
    const blocked = other.command(['DEBUG', 'SLEEP', '0.5'])
    await wait(20)
    expect(await Promise.race([cache.get('scarf', asText), blocked])).toBeUndefined()
    await blocked
  })

  it('reads on while Redis is full', async () => {
    await using redis = await connect()
    const cache = open(redis, 'full:')
    await cache.set('scarf', 'red')
    await redis.command(['CONFIG', 'SET', 'maxmemory', '1'])
    // More often than the breaker would stand for.
    for (let i = 0; i < 10; i += 1) await cache.set(`scarf${i}`, 'blue')
    expect(await cache.get('scarf', asText)).toBe('red')
    await redis.command(['CONFIG', 'SET', 'maxmemory', '0'])
    expect(await cache.get('scarf0', asText)).toBeUndefined()
  })

  it('takes the place of what is no value of its own, of whatever type and size, and says so once', async () => {
    const { said, log } = listening()
    await using redis = await connect()
    const cache = open(redis, 'taken:', log)
    await redis.command(['HSET', 'taken:hash', 'field', 'value'])
    await redis.command(['SET', 'taken:huge', 'x'.repeat(1_000_000)])
    const short = (value: string): string | undefined => (value.length < 10 ? value : undefined)
    const lengths: number[] = []
    for (const key of ['hash', 'huge']) {
      expect(await cache.get(key, (value) => void lengths.push(value.length))).toBeUndefined()
      await cache.set(key, 'ours')
      expect(await cache.get(key, short)).toBe('ours')
    }
    expect(Math.max(...lengths)).toBeLessThanOrEqual(rules.maxBytes + 1)
    expect(said).toEqual([expect.stringContaining('is none of our tests')])
  })
})

function listening(): { readonly said: string[]; readonly log: Log } {
  const said: string[] = []
  const say = (_fields: object, message: string): void => void said.push(message)
  return { said, log: { ...silentLog, info: say, warn: say } }
}

async function untilReady(redis: RedisConnection): Promise<void> {
  for (;;) {
    const pong = await redis.command(['PING']).catch(() => undefined)
    if (pong === 'PONG') return
    await wait(20)
  }
}
