import { hash } from 'node:crypto'
import type { Clock } from '@stoa/platform/clock'
import { toFault } from '@stoa/platform/fault'
import type { Log } from '@stoa/platform/log'
import { type Err, err, ok, type Result } from '@stoa/platform/result'
import type { Principal } from '@stoa/platform/subgraph'
import type { JWTPayload, JWTVerifyGetKey } from 'jose'
import type { Issuer } from '../options.ts'
import { type Refusal, refuse } from '../refusal.ts'
import { isCognito, isForUs, readCognitoPrincipal } from './cognito.ts'
import { readPrincipal } from './principal.ts'
import { createRemoteKeys } from './remote-keys.ts'

export type TokenCheck = (token: string) => Promise<Result<Principal, Refusal>>

export interface TokenCheckParts {
  readonly issuer: Issuer
  readonly clock: Clock
  readonly log: Log
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
  const read = isCognito(parts.issuer.issuer) ? readCognitoPrincipal : readPrincipal
  return async (token) => {
    const { clock, tokenBytes } = parts
    if (token.length > tokenBytes)
      return refuse(
        'UNAUTHENTICATED',
        `Expected an access token of at most ${tokenBytes} bytes, got ${token.length}.`,
      )
    // The whole token, so that nothing of another one can ever be taken for this one's.
    const key = hash('sha256', token)
    const known = verified.get(key)
    if (known && known.until > clock.now()) return ok(known.principal)
    getKey ??= keysOf(parts)
    const claims = await verify(token, parts, await getKey)
    if (!claims.ok) return claims
    const principal = read(claims.value)
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
  const fromCognito = isCognito(issuer.issuer)
  const clients = [issuer.audience].flat()
  try {
    const header = decodeProtectedHeader(token)
    if (FORBIDDEN.some((name) => name in header)) return err(NOT_OURS.error)
    const { payload } = await jwtVerify(token, getKey, {
      issuer: issuer.issuer,
      ...(fromCognito ? {} : { audience: clients }),
      algorithms: [...(issuer.algorithms ?? (fromCognito ? ['RS256'] : ['ES256']))],
      clockTolerance: LEEWAY_S,
      currentDate: new Date(clock.now()),
      requiredClaims: ['exp', 'sub'],
    })
    const isMeant = fromCognito ? isForUs(payload, clients) : payload['token_use'] !== 'id'
    return isMeant ? ok(payload) : NOT_OURS
  } catch (reason) {
    return reason instanceof errors.JWTExpired ? EXPIRED : refusalOf(reason)
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

function refusalOf(reason: unknown): Err<Refusal> {
  return toFault(reason).code === 'UPSTREAM_UNAVAILABLE' ? ISSUER_AWAY : NOT_OURS
}

const ISSUER_AWAY = refuse(
  'ISSUER_UNAVAILABLE',
  'Nobody can say now whether this access token holds: its issuer does not answer. Ask again later.',
)

async function keysOf({ issuer, clock, log }: TokenCheckParts): Promise<JWTVerifyGetKey> {
  const { jwks, getKey } = issuer
  const { createLocalJWKSet } = await import('jose')
  if (getKey) return getKey
  if (typeof jwks === 'string') return createRemoteKeys({ url: jwks, clock, log })
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
