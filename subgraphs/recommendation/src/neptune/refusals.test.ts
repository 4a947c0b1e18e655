import { describe, expect, it } from '@jest/globals'
import { type Clock, systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { seededRandom } from '@stoa/platform/random'
import { connectGremlin, type GremlinConnection } from './connection.ts'
import { faultOfStatus } from './graph-fault.ts'
import { type GremlinProxy, startGremlinProxy } from './gremlin-proxy.fixture.ts'
import { g } from './gremlin-words.ts'
import { type CredentialProvider, type Credentials, createSigner } from './sign.ts'
import { verifySignature } from './verify-signature.fixture.ts'

const region = 'eu-south-1'
const ada: Credentials = { accessKeyId: 'AKADA', secretAccessKey: 'ada-secret', sessionToken: 'ada-token' }
const ports = { random: seededRandom(1), log: silentLog }
const anything = g.V('product/TEE').id()

/** A server that lets in whoever signs as Ada, as far as the door. */
async function startDoor(): Promise<GremlinProxy> {
  const verifier = { region, credentials: ada, now: Date.now }
  return await startGremlinProxy({ check: (request) => verifySignature(verifier, request) })
}

function knock(
  url: string,
  more: { readonly credentials?: CredentialProvider; readonly clock?: Clock; readonly region?: string } = {},
): GremlinConnection {
  const { credentials = async () => ada, clock = systemClock } = more
  const sign = createSigner({ region: more.region ?? region, credentials, clock })
  return connectGremlin({ ...ports, clock, url, sign, openWithinMs: 2_000 })
}

function clockOff(byMs: number): Clock {
  return {
    ...systemClock,
    now: () => Date.now() + byMs,
    schedule: (at, run) => systemClock.schedule(at - byMs, run),
  }
}

describe('a graph that does not let us in', () => {
  it('takes our signature for Neptune: only then it says that it is away', async () => {
    await using door = await startDoor()
    await using connection = knock(door.url)
    await expect(connection.submit(anything)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      cause: { message: '503: Nobody is here.' },
    })
    expect(door.openings[0]).toMatchObject({ 'x-amz-security-token': 'ada-token' })
  })

  it.each([
    ['a clock that is late', { clock: clockOff(-20 * 60_000) }, /clock is more than five minutes off/],
    ['a clock that is early', { clock: clockOff(20 * 60_000) }, /clock is more than five minutes off/],
    ['a wrong secret', { credentials: async () => ({ ...ada, secretAccessKey: 'x' }) }, /does not let us in/],
    ['another region', { region: 'eu-west-1' }, /GRAPH_REGION/],
    ['an expired token', { credentials: async () => ({ ...ada, sessionToken: 'old' }) }, /have expired/],
    [
      'no credentials',
      { credentials: () => Promise.reject(new Error('Could not load credentials')) },
      /There are no AWS credentials/,
    ],
    [
      'expired credentials at the source',
      { credentials: () => Promise.reject(new Error('The SSO session has expired')) },
      /have expired/,
    ],
  ] as const)('says what to do about %s', async (_, more, message) => {
    await using door = await startDoor()
    await using connection = knock(door.url, more)
    await expect(connection.submit(anything)).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringMatching(message),
    })
  })

  it('does not wait for credentials for ever', async () => {
    await using door = await startDoor()
    const sign = createSigner({ region, credentials: () => new Promise(() => {}), clock: systemClock })
    await using connection = connectGremlin({
      ...ports,
      clock: systemClock,
      url: door.url,
      sign,
      openWithinMs: 50,
    })
    await expect(connection.submit(anything)).rejects.toMatchObject({ code: 'BAD_CONFIG' })
  })

  it('tells no host, secret or address in its message', async () => {
    await using connection = knock('ws://127.0.0.1:9/gremlin')
    const reason = await connection.submit(anything).catch((fault: unknown) => fault)
    expect(reason).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: 'The graph cannot be reached. Try again later.',
    })
  })

  it('is not asked again until a while later, and fails at once meanwhile', async () => {
    await using door = await startDoor()
    await using connection = knock(door.url)
    for (let i = 0; i < 5; i++)
      await expect(connection.submit(anything)).rejects.toMatchObject({ name: 'Fault' })
    // Each try asks twice: to open, and why not.
    expect(door.openings).toHaveLength(2)
  })
})

describe('statuses', () => {
  it.each([
    [500, '{"code":"ConcurrentModificationException","detailedMessage":"Failed"}', 'CONFLICT'],
    [500, '{"code":"ConstraintViolationException","detailedMessage":"Exists"}', 'CONFLICT'],
    [500, 'Conflict: element modified in another transaction', 'CONFLICT'],
    [500, 'Vertex with id already exists: order/O-1', 'CONFLICT'],
    [500, '{"code":"TimeLimitExceededException"}', 'DEADLINE_EXCEEDED'],
    [598, 'Evaluation exceeded timeout', 'DEADLINE_EXCEEDED'],
    [429, '{"code":"ThrottlingException"}', 'OVERLOADED'],
    [500, '{"code":"MemoryLimitExceededException"}', 'OVERLOADED'],
    [500, '{"code":"ReadOnlyViolationException"}', 'READ_ONLY_STORE'],
    [500, '{"code":"AccessDeniedException"}', 'BAD_CONFIG'],
    [499, 'The traversal source [x] is not configured', 'INTERNAL'],
    [500, 'Something nobody has heard of', 'STORE_UNAVAILABLE'],
  ])('%i %s is %s', (status, message, code) => {
    const fault = faultOfStatus(status, message)
    expect(fault.code).toBe(code)
    expect(fault.message).not.toContain(message)
  })
})
