import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { createLocalJWKSet, createRemoteJWKSet, jwtVerify } from 'jose'
import { type Issuer, openIssuer } from './issuer.ts'

const ada = {
  sub: 'CU-ada',
  email: 'ada@example.test',
  password: 'demo',
  kind: 'customer' as const,
  scopes: [],
}
const op = {
  sub: 'op-1',
  email: 'op@example.test',
  password: 'demo',
  kind: 'operator' as const,
  scopes: ['orders:read'],
}
const kiosk = {
  sub: 'kiosk-mil-1',
  email: 'kiosk-mil@example.test',
  password: 'demo',
  kind: 'kiosk' as const,
  scopes: ['stock:read'],
  locationId: 'ST-MIL',
}
const REDIRECT = 'http://127.0.0.1/callback'

function open(): Promise<Issuer> {
  return openIssuer({ clock: systemClock, random: systemRandom, log: silentLog, accounts: [ada, op, kiosk] })
}

/** A head that keeps cookies and follows redirects of the issuer by hand. */
async function signIn(
  issuer: Issuer,
  who: { email: string; password: string },
  scope: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const verifier = randomBytes(32).toString('base64url')
  const cookies = new Map<string, string>()
  const go = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(new URL(path, issuer.url), {
      ...init,
      redirect: 'manual',
      headers: { ...init.headers, cookie },
    })
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    return response
  }
  const query = new URLSearchParams({
    client_id: 'stoa-head',
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  })
  const login = (await go(`/auth?${query}`)).headers.get('location') ?? ''
  const posted = await go(login, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(who).toString(),
  })
  if (posted.status >= 400) return posted
  const back = await go(posted.headers.get('location') ?? '')
  const code = new URL(back.headers.get('location') ?? '', issuer.url).searchParams.get('code') ?? ''
  const proof = { code, redirect_uri: REDIRECT, code_verifier: verifier }
  return await askToken(issuer, { grant_type: 'authorization_code', ...proof })
}

function askToken(issuer: Issuer, parameters: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(new URL('/token', issuer.url), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ client_id: 'stoa-head', ...parameters }).toString(),
  })
}

function refresh(issuer: Issuer, token: string): Promise<Response> {
  return askToken(issuer, { grant_type: 'refresh_token', refresh_token: token })
}

describe('the local issuer', () => {
  it('signs ada in by the code flow and gives a token for the graph', async () => {
    await using issuer = await open()
    const response = await signIn(issuer, ada, 'openid')
    expect(response.status).toBe(200)
    const { access_token } = await response.json()
    const keys = createRemoteJWKSet(new URL('/jwks', issuer.url))
    const { payload, protectedHeader } = await jwtVerify(access_token, keys, {
      issuer: issuer.url,
      audience: 'stoa',
    })
    expect(payload).toMatchObject({ sub: 'CU-ada', kind: 'customer' })
    expect(protectedHeader.alg).toBe('ES256')
  })

  it('gives an operator the scopes asked for, and a customer none of them', async () => {
    await using issuer = await open()
    const scopeOf = async (who: typeof ada | typeof op): Promise<unknown> => {
      const { access_token } = await (await signIn(issuer, who, 'openid orders:read')).json()
      const { payload } = await jwtVerify(access_token, createLocalJWKSet(issuer.jwks()))
      return payload['scope'] ?? ''
    }
    expect(await scopeOf(op)).toBe('orders:read')
    expect(await scopeOf(ada)).toBe('')
  })

  it('gives a fresh token for a refresh token, with the same scopes', async () => {
    await using issuer = await open()
    const { refresh_token } = await (await signIn(issuer, op, 'openid orders:read')).json()
    const response = await refresh(issuer, refresh_token)
    expect(response.status).toBe(200)
    const { access_token } = await response.json()
    const { payload } = await jwtVerify(access_token, createLocalJWKSet(issuer.jwks()), { audience: 'stoa' })
    expect(payload).toMatchObject({ sub: 'op-1', kind: 'operator', scope: 'orders:read' })
  })

  it('takes each refresh token once; one that comes back ends the sign-in, for it was stolen', async () => {
    await using issuer = await open()
    const first = await (await signIn(issuer, ada, 'openid')).json()
    const second = await (await refresh(issuer, first.refresh_token)).json()
    expect(second.refresh_token).not.toBe(first.refresh_token)
    for (const token of [first.refresh_token, second.refresh_token]) {
      const refused = await refresh(issuer, token)
      expect(refused.status).toBe(400)
      expect(await refused.json()).toMatchObject({ error: 'invalid_grant' })
    }
  })

  it('takes signing in for consent when a head asks for it', async () => {
    await using issuer = await open()
    const response = await signIn(issuer, ada, 'openid offline_access', { prompt: 'consent' })
    expect(await response.json()).toMatchObject({ refresh_token: expect.any(String) })
  })

  it('tells where a kiosk stands, signed in or minted, and of nobody else', async () => {
    await using issuer = await open()
    const { access_token } = await (await signIn(issuer, kiosk, 'openid stock:read')).json()
    const { sub, kind, scopes, locationId } = kiosk
    const minted = await issuer.mintToken({ sub, kind, scopes, locationId, ttlSeconds: 60 })
    for (const token of [access_token, minted]) {
      const { payload } = await jwtVerify(token, createLocalJWKSet(issuer.jwks()))
      expect(payload).toMatchObject({ sub, kind, locationId: 'ST-MIL', scope: 'stock:read' })
    }
    const { access_token: hers } = await (await signIn(issuer, ada, 'openid')).json()
    expect((await jwtVerify(hers, createLocalJWKSet(issuer.jwks()))).payload).not.toHaveProperty('locationId')
  })

  it('tells people whom a head sent with a wrong client id what is wrong, in its own words and escaped', async () => {
    await using issuer = await open()
    const query = new URLSearchParams({ client_id: '<b>', response_type: 'code', redirect_uri: REDIRECT })
    const response = await fetch(`${issuer.url}/auth?${query}`)
    const text = await response.text()
    expect([response.status, response.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8'])
    expect(text).toContain('<code>invalid_client</code>')
    expect(text).not.toContain('<b>')
  })

  it('refuses a wrong password, and locks the account for a while after ten', async () => {
    await using issuer = await open()
    const wrong = { email: ada.email, password: 'guess' }
    const statuses: number[] = []
    for (let i = 0; i < 11; i++) statuses.push((await signIn(issuer, wrong, 'openid')).status)
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429])
  })

  it('mints tokens of the same kind without the flow', async () => {
    await using issuer = await open()
    const token = await issuer.mintToken({
      sub: 'op-1',
      kind: 'operator',
      scopes: ['orders:read'],
      ttlSeconds: 60,
    })
    const { payload } = await jwtVerify(token, createLocalJWKSet(issuer.jwks()), {
      issuer: issuer.url,
      audience: 'stoa',
    })
    expect(payload).toMatchObject({ sub: 'op-1', kind: 'operator', scope: 'orders:read' })
  })
})
