import { hash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import type { Principal } from '@stoa/platform/subgraph'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { openFixture } from '../../test/fixture.ts'
import { bodyOf } from '../answer-response.ts'
import type { Credentials, GatewayOptions } from '../options.ts'

const AUDIENCE = 'stoa'
const ISSUER = 'https://issuer.example'
const keys = await generateKeyPair('ES256')
const otherKeys = await generateKeyPair('ES256')
const publicJwk = { ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'ES256' }
const clock = createVirtualClock()
const nowS = Math.floor(clock.now() / 1_000)

const document = '{ who }'
const documentId = `sha256:${hash('sha256', document)}`
const options: Partial<GatewayOptions> = {
  clock,
  issuer: { issuer: ISSUER, audience: AUDIENCE, jwks: { keys: [publicJwk] } },
  documents: new Map([[documentId, document]]),
  partners: [
    {
      partnerId: 'P-1',
      keyHashes: [hash('sha256', 'pk_1')],
      scopes: ['stock:read'],
      documentIds: new Set([documentId]),
    },
  ],
}
const parts = {
  a: {
    sdl: 'type Query { who: String }',
    resolvers: {
      Query: {
        who: (_: unknown, __: unknown, { request }: { request: { principal: Principal } }) =>
          JSON.stringify(request.principal),
      },
    },
  },
}

interface TokenParts {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
  readonly key?: CryptoKey | Uint8Array
}

function token({ claims = {}, header = {}, key = keys.privateKey }: TokenParts = {}): Promise<string> {
  const all = { iss: ISSUER, aud: AUDIENCE, sub: 'CU-ada', exp: nowS + 3_600, ...claims }
  return new SignJWT(all).setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header }).sign(key)
}

async function ask(
  credentials: Credentials,
  query: object = { query: document },
): Promise<{ status: number; who?: unknown; code?: unknown; headers: object }> {
  await using fixture = await openFixture(parts, options)
  const response = await fixture.gateway.execute({ ...query, credentials })
  const { status, headers } = response
  const body = bodyOf(response)
  const who = body.data?.['who']
  return {
    status,
    headers,
    ...(typeof who === 'string' && { who: JSON.parse(who) }),
    code: body.errors?.[0]?.extensions.code,
  }
}

const bearer = async (given: TokenParts): Promise<Credentials> => ({
  authorization: `Bearer ${await token(given)}`,
})

describe('who asks', () => {
  it('is nobody without a credential', async () => {
    expect(await ask({})).toMatchObject({ status: 200, who: { kind: 'anonymous' } })
  })

  it.each([
    [{}, { kind: 'customer', customerId: 'CU-ada', scopes: [] }],
    [
      { kind: 'operator', sub: 'op-1', scope: 'orders:read stock:write' },
      { kind: 'operator', operatorId: 'op-1', scopes: ['orders:read', 'stock:write'] },
    ],
    [
      { kind: 'kiosk', sub: 'K-1', locationId: 'MIL-01', scope: ['stock:read'] },
      { kind: 'kiosk', deviceId: 'K-1', locationId: 'MIL-01', scopes: ['stock:read'] },
    ],
  ])('is read from the claims %j', async (claims, principal) => {
    expect(await ask(await bearer({ claims }))).toMatchObject({ who: principal })
  })

  it('is told apart though two tokens arrive one after the other', async () => {
    await using fixture = await openFixture(parts, options)
    const seen: unknown[] = []
    for (const sub of ['CU-ada', 'CU-bo', 'CU-ada', 'CU-cleo', 'CU-bo']) {
      const response = await fixture.gateway.execute({
        query: document,
        credentials: await bearer({ claims: { sub } }),
      })
      seen.push(JSON.parse(String(bodyOf(response).data?.['who'])).customerId)
    }
    expect(seen).toEqual(['CU-ada', 'CU-bo', 'CU-ada', 'CU-cleo', 'CU-bo'])
  })
})

describe('a token is refused', () => {
  const secret = new TextEncoder().encode(JSON.stringify(publicJwk))
  const bad: readonly (readonly [string, TokenParts])[] = [
    ['that has expired', { claims: { exp: nowS - 6 } }],
    ['that never expires', { claims: { exp: undefined } }],
    ['for another audience', { claims: { aud: 'other' } }],
    ['of another issuer', { claims: { iss: 'https://evil.example' } }],
    ['about nobody', { claims: { sub: undefined } }],
    ['that is not valid yet', { claims: { nbf: nowS + 60 } }],
    ['about something unknown', { claims: { kind: 'robot' } }],
    ['that is for the client only', { claims: { token_use: 'id' } }],
    ['signed with another key', { key: otherKeys.privateKey }],
    ['signed with the public key as a secret', { header: { alg: 'HS256' }, key: secret }],
    ['with an unknown key', { header: { kid: '../../etc/passwd' } }],
    ['that brings its own key', { header: { jwk: publicJwk } }],
    ['that says where its keys are', { header: { jku: 'https://evil.example/keys' } }],
    ['that says where its certificates are', { header: { x5u: 'https://evil.example/keys' } }],
    ['of 9 KB', { claims: { filler: 'x'.repeat(9_000) } }],
  ]
  it.each(bad)('%s', async (_what, given) => {
    expect(await ask(await bearer(given))).toMatchObject({
      status: 401,
      code: 'UNAUTHENTICATED',
      headers: { 'www-authenticate': 'Bearer' },
    })
  })

  it.each([
    '',
    'Bearer',
    'Bearer ',
    'Bearer x',
    'Bearer a b',
    'Basic YWRhOmRlbW8=',
    'Bearer eyJhbGciOiJub25lIn0.e30.',
  ])('when the header is "%s"', async (authorization) => {
    expect(await ask({ authorization })).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
  })

  it('once it has expired, though it was verified before', async () => {
    await using fixture = await openFixture(parts, { ...options, clock: createVirtualClock(clock.now()) })
    const virtual = createVirtualClock(clock.now())
    await using late = await openFixture(parts, { ...options, clock: virtual })
    const credentials = await bearer({ claims: { exp: nowS + 20 } })
    expect((await late.gateway.execute({ query: document, credentials })).status).toBe(200)
    virtual.advance(30_000)
    expect((await late.gateway.execute({ query: document, credentials })).status).toBe(401)
    expect((await fixture.gateway.execute({ query: document, credentials })).status).toBe(200)
  })
})

describe('a partner', () => {
  it('is known by its key and runs what was agreed, by id', async () => {
    expect(await ask({ apiKey: 'pk_1' }, { documentId })).toMatchObject({
      who: { kind: 'partner', partnerId: 'P-1', scopes: ['stock:read'] },
    })
  })

  it.each([
    ['a key that is not known', { apiKey: 'pk_2' }, { documentId }, 401, 'UNAUTHENTICATED'],
    ['a document of its own', { apiKey: 'pk_1' }, { query: document }, 403, 'DOCUMENT_REQUIRED'],
    ['an id and a document', { apiKey: 'pk_1' }, { documentId, query: document }, 400, 'REQUEST_INVALID'],
    [
      'an id that was not agreed',
      { apiKey: 'pk_1' },
      { documentId: documentId.replace(/.$/, 'g') },
      403,
      'DOCUMENT_NOT_ALLOWED',
    ],
    [
      'an id in capitals',
      { apiKey: 'pk_1' },
      { documentId: documentId.toUpperCase() },
      403,
      'DOCUMENT_NOT_ALLOWED',
    ],
    [
      'a token besides',
      { apiKey: 'pk_1', authorization: 'Bearer x' },
      { documentId },
      400,
      'CREDENTIALS_AMBIGUOUS',
    ],
  ])('is refused with %s', async (_what, credentials, query, status, code) => {
    expect(await ask(credentials, query)).toMatchObject({ status, code })
  })
})
