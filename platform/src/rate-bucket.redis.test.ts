import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { LocalServer } from '@stoa/servers/local-server'
import { startRedis, whyNoRedis } from '@stoa/servers/redis'
import { systemClock } from './clock.ts'
import { silentLog } from './log.ts'
import { systemRandom } from './random.ts'
import { rateBucketContract } from './rate-bucket.contract.ts'
import { createMemoryRateBucket } from './rate-bucket.memory.ts'
import { createRedisRateBucket } from './rate-bucket.redis.ts'
import type { RateBucket, RateLimit } from './rate-bucket.ts'
import { openRedis, type RedisConnection } from './redis-connection.ts'

const ports = { clock: systemClock, random: systemRandom, log: silentLog }
const reason = whyNoRedis()
const describeHere = reason ? describe.skip : describe

describeHere(reason ? `Redis is not tried: ${reason}` : 'on Redis', () => {
  let server: LocalServer
  let prefixes = 0

  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(async () => await server[Symbol.asyncDispose]())

  async function connect(timeoutMs = 2000, url = server.endpoint): Promise<RedisConnection> {
    const redis = openRedis({ ...ports, url, timeoutMs })
    await untilReady(redis)
    return redis
  }

  function open(redis: RedisConnection, limit: RateLimit, prefix = `p${prefixes++}:`): RateBucket {
    const fallback = createMemoryRateBucket({ limit, clock: systemClock })
    return createRedisRateBucket({ redis, limit, prefix, fallback, log: silentLog })
  }

  rateBucketContract('Redis', async () => {
    const redis = await connect()
    return {
      open: (limit) => open(redis, limit),
      pass: async (ms) => void (await wait(ms)),
      [Symbol.asyncDispose]: () => redis[Symbol.asyncDispose](),
    }
  })

  it('shares a bucket between processes', async () => {
    await using one = await connect()
    await using other = await connect()
    const limit = { capacity: 10, perSecond: 0.01 }
    const buckets = [open(one, limit, 'shared:'), open(other, limit, 'shared:')]
    const taken = await Promise.all(
      Array.from({ length: 40 }, (_, i) => buckets[i % 2]?.take('ada') ?? Promise.reject(new Error('none'))),
    )
    expect(taken.filter(({ allowed }) => allowed)).toHaveLength(10)
  })

  it('forgets a bucket that would be full again', async () => {
    await using redis = await connect()
    await open(redis, { capacity: 5, perSecond: 10 }, 'short:').take('ada')
    const left = Number(await redis.command(['PTTL', 'short:ada']))
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(1100)
  })

  it('limits by itself while Redis is away, and together again when it is back', async () => {
    await using redis = await connect()
    const bucket = open(redis, { capacity: 4, perSecond: 0.001 }, 'killed:')
    await bucket.take('ada', 3)
    await server.kill()
    // Fail open, but not wide: the bucket of this process knows nothing of what was taken there.
    const alone = [await bucket.take('ada', 3), await bucket.take('ada', 3)]
    expect(alone.map(({ allowed }) => allowed)).toEqual([true, false])
    await server.start()
    await untilReady(redis)
    // Redis is a cache here and kept nothing; the script is sent again.
    expect(await bucket.take('ada', 4)).toMatchObject({ allowed: true, remaining: 0 })
    expect((await bucket.take('ada', 4)).allowed).toBe(false)
  })

  it('does not keep anybody waiting for a Redis that hangs', async () => {
    await using redis = await connect(50)
    await using other = await connect()
    const bucket = open(redis, { capacity: 4, perSecond: 0.001 })
    const blocked = other.command(['DEBUG', 'SLEEP', '0.5'])
    await wait(20)
    expect(await Promise.race([bucket.take('ada'), blocked])).toMatchObject({ allowed: true, remaining: 3 })
    await blocked
  })

  it('says what to do: nobody there, wrong password', async () => {
    await using nobody = openRedis({ ...ports, url: 'redis://127.0.0.1:1' })
    const away = { code: 'STORE_UNAVAILABLE', message: expect.stringContaining('Redis is away') }
    await expect(nobody.command(['PING'])).rejects.toMatchObject(away)
    await using redis = await connect()
    await redis.command(['ACL', 'SETUSER', 'bo', 'on', '>secret', '+ping', '+hello', '+client', '~*'])
    const url = server.endpoint.replace('redis://', 'redis://bo:secret@')
    await using limited = await connect(2000, url)
    const denied = { code: 'BAD_CONFIG', message: expect.stringContaining('does not let us in') }
    await expect(limited.command(['GET', 'x'])).rejects.toMatchObject(denied)
  })
})

async function untilReady(redis: RedisConnection): Promise<void> {
  for (;;) {
    const pong = await redis.command(['PING']).catch(() => undefined)
    if (pong === 'PONG') return
    await wait(20)
  }
}
