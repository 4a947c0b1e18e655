import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createVirtualClock, type VirtualClock } from '@stoa/platform/clock.virtual'
import { silentLog } from '@stoa/platform/log'
import { exportJWK, generateKeyPair, type JWTVerifyGetKey, jwtVerify, SignJWT } from 'jose'
import { createRemoteKeys } from './remote-keys.ts'

interface KeyServer extends AsyncDisposable {
  readonly url: string
  asked: number
  answer: { status: number; body: string }
}

/** Serves keys, and counts how often it is asked. */
async function serveKeys(): Promise<KeyServer> {
  const state = { asked: 0, answer: { status: 200, body: '' } }
  const server = createServer((request, response) => {
    if (request.url === '/config') return void response.end(JSON.stringify({ jwks_uri: `${url}/jwks` }))
    state.asked += 1
    response.writeHead(state.answer.status).end(state.answer.body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  return Object.assign(state, {
    url,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
}

async function makeKey(kid: string) {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'ES256' }
  const token = await new SignJWT({ sub: 'ada' }).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey)
  return { jwk, token }
}

const [first, second] = await Promise.all([makeKey('k1'), makeKey('k2')])
const MINUTE_MS = 60_000

describe('the keys of an issuer', () => {
  let clock: VirtualClock
  let server: KeyServer
  let keys: JWTVerifyGetKey

  beforeEach(async () => {
    clock = createVirtualClock()
    server = await serveKeys()
    offer(first.jwk)
    keys = createRemoteKeys({ url: `${server.url}/jwks`, clock, log: silentLog })
  })
  afterEach(async () => await server[Symbol.asyncDispose]())

  function offer(...jwks: readonly object[]): void {
    server.answer = { status: 200, body: JSON.stringify({ keys: jwks }) }
  }
  const subject = async (token: string): Promise<unknown> => (await jwtVerify(token, keys)).payload.sub

  it('are fetched once for many', async () => {
    expect(await Promise.all([subject(first.token), subject(first.token)])).toEqual(['ada', 'ada'])
    expect(await subject(first.token)).toBe('ada')
    expect(server.asked).toBe(1)
  })

  it('are found by the OpenID configuration', async () => {
    keys = createRemoteKeys({ url: `${server.url}/config`, clock, log: silentLog })
    expect(await subject(first.token)).toBe('ada')
  })

  it('are fetched again when a token names a key that is not among them', async () => {
    await subject(first.token)
    offer(first.jwk, second.jwk)
    clock.advance(MINUTE_MS)
    expect(await subject(second.token)).toBe('ada')
    expect(await subject(first.token)).toBe('ada')
    expect(server.asked).toBe(2)
  })

  it('are not fetched for every made-up key', async () => {
    await subject(first.token)
    for (let i = 0; i < 5; i++)
      await expect(subject(second.token)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' })
    expect(server.asked).toBe(1)
  })

  it('are forgotten when they were withdrawn', async () => {
    await subject(first.token)
    offer(second.jwk)
    clock.advance(11 * MINUTE_MS)
    await subject(second.token)
    await expect(subject(first.token)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' })
  })

  it.each([
    ['answers 500', { status: 500, body: '' }],
    ['answers no JSON', { status: 200, body: '<html>' }],
    ['has no keys', { status: 200, body: '{"keys":[]}' }],
  ])('hold for a day while the issuer %s', async (_what, answer) => {
    await subject(first.token)
    server.answer = answer
    clock.advance(23 * 60 * MINUTE_MS)
    expect(await subject(first.token)).toBe('ada')
    clock.advance(2 * 60 * MINUTE_MS)
    await expect(subject(first.token)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    offer(first.jwk)
    clock.advance(MINUTE_MS)
    expect(await subject(first.token)).toBe('ada')
  })

  it('cannot be had from nobody', async () => {
    keys = createRemoteKeys({ url: 'http://127.0.0.1:1/jwks', clock, log: silentLog })
    await expect(subject(first.token)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  })
})
