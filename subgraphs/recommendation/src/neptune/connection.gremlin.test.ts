import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import { silentLog } from '@stoa/platform/log'
import { seededRandom } from '@stoa/platform/random'
import { startGremlin, whyNoGremlin } from '@stoa/servers/gremlin'
import type { LocalServer } from '@stoa/servers/local-server'
import { type ConnectionOptions, connectGremlin, type GremlinConnection } from './connection.ts'
import { type GremlinProxy, startGremlinProxy } from './gremlin-proxy.fixture.ts'
import { __, g } from './gremlin-words.ts'
import { createSigner } from './sign.ts'
import { verifySignature } from './verify-signature.fixture.ts'
import { withRetries } from './with-retries.ts'

const reason = whyNoGremlin()
const describeHere = reason ? describe.skip : describe
const credentials = { accessKeyId: 'AKADA', secretAccessKey: 'ada-secret' }
const region = 'eu-south-1'
const one = g.inject(1)
/** An answer of many frames. */
const many = g.inject(Array.from({ length: 5_000 }, (_, index) => `item ${index}`)).unfold()
const DROPPED = { code: 'STORE_UNAVAILABLE', message: expect.stringContaining('broke before it answered') }

describeHere(reason ? `Gremlin is not tried: ${reason}` : 'a connection to Gremlin Server', () => {
  let server: LocalServer

  beforeAll(async () => {
    server = await startGremlin()
  })

  afterAll(async () => {
    await server[Symbol.asyncDispose]()
  })

  function connect(proxy: GremlinProxy, more: Partial<ConnectionOptions> = {}): GremlinConnection {
    return connectGremlin({
      clock: systemClock,
      random: seededRandom(1),
      log: silentLog,
      url: proxy.url,
      ...more,
    })
  }

  it('signs every opening anew: the first, after a break, after nine days, after a quarter of an hour of silence', async () => {
    const clock = createVirtualClock(Date.UTC(2026, 10, 21))
    const verifier = { region, credentials, now: clock.now }
    await using proxy = await startGremlinProxy({
      target: server.endpoint,
      check: (request) => verifySignature(verifier, request),
      now: clock.now,
    })
    let asked = 0
    const provider = async () => {
      asked += 1
      return credentials
    }
    const sign = createSigner({ region, credentials: provider, clock })
    await using connection = connect(proxy, { clock, sign })
    expect(await connection.submit(one)).toEqual([1])
    expect(await connection.submit(one)).toEqual([1])
    expect(proxy.openings).toHaveLength(1)
    proxy.cut()
    clock.advance(60_000)
    await withRetries(connection, { clock: systemClock, random: seededRandom(1) }).submit(one)
    expect(proxy.openings).toHaveLength(2)
    clock.advance(16 * 60_000)
    expect(await connection.submit(one)).toEqual([1])
    expect(proxy.openings).toHaveLength(3)
    for (let spent = 0; spent < 9 * 24 * 60; spent += 10) {
      clock.advance(10 * 60_000)
      await connection.submit(one)
    }
    expect(proxy.openings).toHaveLength(4)
    expect(asked).toBe(4)
    expect(new Set(proxy.openings.map((headers) => headers['x-amz-date'])).size).toBe(4)
  })

  it('fails the calls of a dropped socket, and answers those after', async () => {
    await using proxy = await startGremlinProxy({ target: server.endpoint })
    await using connection = connect(proxy)
    await connection.submit(one)
    proxy.hold()
    const calls = Array.from({ length: 8 }, () => connection.submit(many))
    setTimeout(() => proxy.cut(), 50)
    for (const call of await Promise.allSettled(calls)) {
      expect(call).toMatchObject({ status: 'rejected', reason: DROPPED })
    }
    proxy.release()
    expect(await connection.submit(many)).toHaveLength(5_000)
    expect(proxy.openings).toHaveLength(2)
  })

  it('gives no part of an answer for the whole when the socket breaks between its frames', async () => {
    await using proxy = await startGremlinProxy({ target: server.endpoint })
    await using connection = connect(proxy)
    expect(await connection.submit(many)).toHaveLength(5_000)
    proxy.cutAfter(3_000)
    await expect(connection.submit(many)).rejects.toMatchObject(DROPPED)
    proxy.cutAfter(Number.POSITIVE_INFINITY)
    expect(await connection.submit(g.V('nobody').id())).toEqual([])
  })

  it('tries again what a break failed, where that is asked for', async () => {
    await using proxy = await startGremlinProxy({ target: server.endpoint })
    await using connection = withRetries(connect(proxy), { clock: systemClock, random: seededRandom(1) })
    await connection.submit(one)
    proxy.cutAfter(3_000)
    setTimeout(() => proxy.cutAfter(Number.POSITIVE_INFINITY), 30)
    expect(await connection.submit(many)).toHaveLength(5_000)
  })

  it('ends a call at its deadline, and leaves a socket that nothing is heard from', async () => {
    await using proxy = await startGremlinProxy({ target: server.endpoint })
    await using connection = connect(proxy, { callWithinMs: 1_500 })
    await connection.submit(one)
    proxy.hold()
    await expect(connection.submit(one)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    proxy.release()
    expect(await connection.submit(one)).toEqual([1])
    expect(proxy.openings).toHaveLength(2)
  })

  it('has the server stop what nobody waits for any more', async () => {
    await using proxy = await startGremlinProxy({ target: server.endpoint })
    await using connection = connect(proxy, { callWithinMs: 1_000 })
    const endless = __.inject(1).repeat(__.identity()).times(50_000_000)
    const late = connection.submit(g.inject(1).flatMap(endless))
    await expect(late).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
  })

  it('lets so many in at once, so many wait, and refuses the rest', async () => {
    await using proxy = await startGremlinProxy({ target: server.endpoint })
    await using connection = connect(proxy, { atOnce: 2, mostWaiting: 1 })
    await connection.submit(one)
    proxy.hold()
    const calls = Array.from({ length: 4 }, () => connection.submit(one))
    await expect(calls[3]).rejects.toMatchObject({ code: 'OVERLOADED' })
    proxy.release()
    expect(await Promise.all(calls.slice(0, 3))).toEqual([[1], [1], [1]])
  })

  it('fails what is under way when it is closed', async () => {
    await using proxy = await startGremlinProxy({ target: server.endpoint })
    const connection = connect(proxy)
    await connection.submit(one)
    proxy.hold()
    const call = connection.submit(one)
    setTimeout(() => void connection[Symbol.asyncDispose](), 20)
    await expect(call).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await expect(connection.submit(one)).rejects.toMatchObject({ message: expect.stringContaining('closed') })
  })

  it('refuses lambdas at the server, too', async () => {
    await using proxy = await startGremlinProxy({ target: server.endpoint })
    await using connection = connect(proxy)
    const lambda = g.inject(1).map(() => ['it.get() + 1', 'gremlin-groovy'])
    await expect(connection.submit(lambda)).rejects.toMatchObject({ code: 'INTERNAL' })
  })
})
