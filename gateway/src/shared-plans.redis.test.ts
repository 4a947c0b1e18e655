import { writeFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { openRedis, type RedisConnection } from '@stoa/platform/redis-connection'
import type { SharedCache } from '@stoa/platform/shared-cache'
import type { LocalServer } from '@stoa/servers/local-server'
import { startRedis, whyNoRedis } from '@stoa/servers/redis'
import { type Fixture, openFixture } from '../test/fixture.ts'
import { type GatewayProgram, startGateway } from '../test/gateway-program.ts'
import { serveShop } from '../test/served-shop.ts'
import { shop } from '../test/small-shop.ts'
import { createSeal } from './planner/shared/plan-seal.ts'
import { openRedisPlans } from './shared-plans.redis.ts'

const ports = { clock: systemClock, random: systemRandom, log: silentLog }
const QUERY = '{ products { name reviews { text } } }'
const ANSWER = { data: { products: [{ name: 'Tee' }, { name: 'Mug' }] } }
const reason = whyNoRedis()
const describeHere = reason ? describe.skip : describe

interface Member extends Fixture {
  /** How often it found a plan, and how often it had to make one. */
  readonly found: string[]
  readonly made: string[]
}

describeHere(reason ? `Redis is not tried: ${reason}` : 'gateways over one Redis', () => {
  let server: LocalServer
  let redis: RedisConnection
  beforeAll(async () => {
    server = await startRedis()
    redis = openRedis({ ...ports, url: server.endpoint })
    await until(() => isThere(redis))
  })
  afterAll(async () => {
    await redis[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  /** One of a fleet, which has planned nothing yet. */
  async function join(secret?: string): Promise<Member> {
    await using opening = new AsyncDisposableStack()
    const secrets = secret === undefined ? {} : { secret }
    const plans = opening.use(
      openRedisPlans({ ...ports, ...secrets, url: server.endpoint, patienceMs: 2000 }),
    )
    const [found, made]: [string[], string[]] = [[], []]
    const sharedPlans = { ...plans, cache: watched(plans.cache, found, made) }
    const fixture = opening.use(await openFixture(shop, { sharedPlans, isolatePlanner: true }))
    await untilReady(plans.cache)
    const opened = opening.move()
    return { ...fixture, found, made, [Symbol.asyncDispose]: () => opened.disposeAsync() }
  }

  const keys = async (): Promise<readonly unknown[]> => {
    const answered = await redis.command(['KEYS', 'stoa:plan:*'])
    return Array.isArray(answered) ? answered.filter((key) => key !== 'stoa:plan:ready') : []
  }

  const reads = async (): Promise<{ readonly hits: number; readonly misses: number }> => {
    const told = String(await redis.command(['INFO', 'stats']))
    const [hits, misses] = ['hits', 'misses'].map((name) =>
      Number(new RegExp(`keyspace_${name}:(\\d+)`).exec(told)?.[1]),
    )
    return { hits: hits ?? 0, misses: misses ?? 0 }
  }

  const clients = async (): Promise<number> =>
    String(await redis.command(['CLIENT', 'LIST', 'TYPE', 'normal'])).split('\n').length

  it('plan a document once', async () => {
    await redis.command(['FLUSHALL'])
    await using ada = await join()
    await using bo = await join()
    expect(await ada.ask(QUERY)).toMatchObject(ANSWER)
    await until(async () => (await keys()).length === 1)
    expect(await bo.ask(QUERY)).toEqual(await ada.ask(QUERY))
    expect([ada.found.length, ada.made.length]).toEqual([0, 1])
    expect([bo.found.length, bo.made.length]).toEqual([1, 0])
    const left = Number(await redis.command(['PTTL', String((await keys())[0])]))
    expect(left).toBeGreaterThan(6 * 24 * 60 * 60 * 1000)
  })

  it('are those of the command line with --redis-file, too', async () => {
    await redis.command(['FLUSHALL'])
    await using served = await serveShop(shop)
    const file = served.path('redis-url')
    await writeFile(file, server.endpoint)
    const start = (): Promise<GatewayProgram> =>
      startGateway('--supergraph', served.file, '--redis-file', file)
    await using ada = await start()
    await ada.ask('{ latest { id } }')
    await until(async () => (await keys()).length === 1)
    const [before, connected] = [await reads(), await clients()]
    await using bo = await start()
    await until(async () => (await clients()) > connected)
    // What the two tell each other first takes a moment.
    await wait(100)
    expect(await bo.ask('{ latest { id } }')).toMatchObject({ data: { latest: expect.anything() } })
    expect(await reads()).toEqual({ hits: before.hits + 1, misses: before.misses })
  })

  it('plan by themselves when it is killed, and share again when it is back', async () => {
    await using ada = await join()
    await server.kill()
    expect(await ada.ask('{ products { name sku reviews { text } } }')).toMatchObject(ANSWER)
    expect(await ada.ask('{ products { name weight reviews { text } } }')).toMatchObject(ANSWER)
    expect(ada.found).toEqual([])
    await server.start()
    await until(() => isThere(redis))
    await until(async () => {
      await ada.ask(`{ t${ada.made.length}: products { name } }`)
      return (await keys()).length > 0
    })
  })

  it('go on over what does not belong there, and put a plan in its place', async () => {
    await redis.command(['FLUSHALL'])
    await using ada = await join('s'.repeat(32))
    await ada.ask(QUERY)
    await until(async () => (await keys()).length === 1)
    const [key] = await keys()
    await redis.command(['SET', String(key), '{"kind":"QueryPlan","node":'])
    await using bo = await join('s'.repeat(32))
    expect(await bo.ask(QUERY)).toMatchObject(ANSWER)
    expect([bo.found.length, bo.made.length]).toEqual([0, 1])
    await using cleo = await join('s'.repeat(32))
    await until(async () => String(await redis.command(['GET', String(key)])).length > 100)
    expect(await cleo.ask(QUERY)).toMatchObject(ANSWER)
    expect([cleo.found.length, cleo.made.length]).toEqual([1, 0])
  })

  it('survive a plan that is one and makes no sense, where no secret keeps it out', async () => {
    await redis.command(['FLUSHALL'])
    await using ada = await join()
    await ada.ask(QUERY)
    await until(async () => (await keys()).length === 1)
    const [key] = await keys()
    const name = String(key).replace('stoa:plan:', '')
    const senseless = [
      '"nobody","operation":"{ a"',
      '"catalog","operation":"no GraphQL"',
      '"catalog","operation":""',
    ]
    for (const fetch of senseless) {
      const plan = `{"kind":"QueryPlan","node":{"kind":"Fetch","serviceName":${fetch}}}`
      await redis.command(['SET', String(key), createSeal().close(name, plan)])
      await using bo = await join()
      expect(await bo.ask(QUERY)).toMatchObject({ errors: [expect.anything()] })
      expect(bo.found).toHaveLength(1)
      expect(await bo.ask('{ latest { id } }')).toMatchObject({ data: { latest: expect.anything() } })
    }
  })
})

function watched(cache: SharedCache, found: string[], made: string[]): SharedCache {
  return {
    async get(key, read) {
      const value = await cache.get(key, read)
      if (value !== undefined) found.push(key)
      return value
    },
    set(key, value) {
      made.push(key)
      return cache.set(key, value)
    },
  }
}

/** It answers with what was written into it. */
async function untilReady(cache: SharedCache): Promise<void> {
  await until(async () => {
    await cache.set('ready', 'yes')
    return (await cache.get('ready', (value) => value)) === 'yes'
  })
}

function isThere(redis: RedisConnection): Promise<boolean> {
  return redis.command(['PING']).then(Boolean, () => false)
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await wait(20)
}
