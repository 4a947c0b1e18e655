import { hash } from 'node:crypto'
import type { Clock } from '@stoa/platform/clock'
import { err, ok, type Result } from '@stoa/platform/result'
import type { Principal } from '@stoa/platform/subgraph'
import type { JWTPayload, JWTVerifyGetKey } from 'jose'
import type { Issuer } from '../options.ts'
import { type Refusal, refuse } from '../refusal.ts'
import { readPrincipal } from './principal.ts'

export type TokenCheck = (token: string) => Promise<Result<Principal, Refusal>>

export interface TokenCheckParts {
  readonly issuer: Issuer
  readonly clock: Clock
  readonly tokenBytes: number
}

interface Verified {
  readonly principal: Principal
  readonly until: number
}

const LONGEST_TRUST_MS = 60_000
const MOST_VERIFIED = 10_000
const LEEWAY_S = 5

/** Verifies access tokens of one issuer. A token once verified is believed for a minute, never beyond its own end. */
export function createTokenCheck(parts: TokenCheckParts): TokenCheck {
  const verified = new Map<string, Verified>()
  let getKey: Promise<JWTVerifyGetKey> | undefined
  return async (token) => {
    const { clock, tokenBytes, issuer } = parts
    if (token.length > tokenBytes)
      return refuse(
        'UNAUTHENTICATED',
        `Expected an access token of at most ${tokenBytes} bytes, got ${token.length}.`,
      )
    // The whole token, so that nothing of another one can ever be taken for this one's.
    const key = hash('sha256', token)
    const known = verified.get(key)
    if (known && known.until > clock.now()) return ok(known.principal)
    getKey ??= keysOf(issuer)
    const claims = await verify(token, parts, await getKey)
    if (!claims.ok) return claims
    const principal = readPrincipal(claims.value)
    if (!principal.ok) return principal
    remember(verified, key, { principal: principal.value, until: trustedUntil(claims.value, clock.now()) })
    return principal
  }
}

async function verify(
  token: string,
  { issuer, clock }: TokenCheckParts,
  getKey: JWTVerifyGetKey,
): Promise<Result<JWTPayload, Refusal>> {
  const { decodeProtectedHeader, errors, jwtVerify } = await import('jose')
  try {
    const header = decodeProtectedHeader(token)
    if (FORBIDDEN.some((name) => name in header)) return err(NOT_OURS.error)
    const { payload } = await jwtVerify(token, getKey, {
      issuer: issuer.issuer,
      audience: issuer.audience,
      algorithms: [...(issuer.algorithms ?? ['ES256'])],
      clockTolerance: LEEWAY_S,
      currentDate: new Date(clock.now()),
      requiredClaims: ['exp', 'sub'],
    })
    // Cognito marks its tokens so; an id token is for the client that asked for it, not for an API.
    return payload['token_use'] === 'id' ? NOT_OURS : ok(payload)
  } catch (reason) {
    return reason instanceof errors.JWTExpired ? EXPIRED : NOT_OURS
  }
}

/** Headers by which a token tells its verifier where to look for keys, or what else to understand. */
const FORBIDDEN = ['crit', 'jku', 'jwk', 'x5c', 'x5u'] as const

const EXPIRED = refuse(
  'UNAUTHENTICATED',
  'The access token has expired. Get a new one with the refresh token, or sign in again.',
)
const NOT_OURS = refuse(
  'UNAUTHENTICATED',
  'The access token is not valid here. Sign in again to get another one.',
)

async function keysOf({ jwks, getKey }: Issuer): Promise<JWTVerifyGetKey> {
  const { createLocalJWKSet, createRemoteJWKSet } = await import('jose')
  if (getKey) return getKey
  if (typeof jwks === 'string') return createRemoteJWKSet(new URL(jwks), { timeoutDuration: 3_000 })
  return createLocalJWKSet(jwks ?? { keys: [] })
}

function trustedUntil(claims: JWTPayload, now: number): number {
  return Math.min(now + LONGEST_TRUST_MS, (claims.exp ?? 0) * 1_000)
}

function remember(verified: Map<string, Verified>, key: string, entry: Verified): void {
  const [oldest] = verified.keys()
  if (verified.size >= MOST_VERIFIED && oldest !== undefined) verified.delete(oldest)
  verified.set(key, entry)
}
