import { hash } from 'node:crypto'
import type { Clock } from '@stoa/platform/clock'
import type { Log } from '@stoa/platform/log'
import { ok, type Result } from '@stoa/platform/result'
import type { Principal } from '@stoa/platform/subgraph'
import type { Credentials, Issuer, Partner } from '../options.ts'
import { type Refusal, refuse } from '../refusal.ts'
import { createTokenCheck, type TokenCheck } from './access-token.ts'

/** Finds out who asks. */
export interface Access {
  /** A promise only where a token must be looked into: most callers bring none. */
  identify(credentials: Credentials): Result<Caller, Refusal> | Promise<Result<Caller, Refusal>>
}

export interface Caller {
  readonly principal: Principal
  /** Absent: may use every document. */
  readonly documentIds?: ReadonlySet<string>
}

export interface AccessParts {
  readonly issuer: Issuer | undefined
  readonly partners: readonly Partner[]
  readonly clock: Clock
  readonly log: Log
  readonly tokenBytes: number
}

const ANONYMOUS: Result<Caller, Refusal> = ok({ principal: { kind: 'anonymous' } })

/** Exactly one credential or none: with two, the weaker might be the one that counts. */
export function createAccess(parts: AccessParts): Access {
  const partners = new Map(
    parts.partners.flatMap((partner) => partner.keyHashes.map((key) => [key, partner])),
  )
  const { issuer } = parts
  const check = issuer && createTokenCheck({ ...parts, issuer })
  return {
    identify({ authorization, apiKey }) {
      if (authorization !== undefined && apiKey !== undefined)
        return refuse(
          'CREDENTIALS_AMBIGUOUS',
          'Expected one credential, got an Authorization header and an API key. Send one of them.',
        )
      if (apiKey !== undefined) return identifyPartner(partners, apiKey)
      return authorization === undefined ? ANONYMOUS : identifyBearer(check, authorization)
    },
  }
}

/** Looked up by its hash, so that the time it takes tells nothing about the key. */
function identifyPartner(partners: ReadonlyMap<string, Partner>, apiKey: string): Result<Caller, Refusal> {
  const partner = partners.get(hash('sha256', apiKey))
  if (!partner)
    return refuse('UNAUTHENTICATED', 'This API key is not known. Check x-api-key, or ask for a new key.')
  const { partnerId, scopes, documentIds } = partner
  return ok({ principal: { kind: 'partner', partnerId, scopes }, documentIds })
}

async function identifyBearer(
  check: TokenCheck | undefined,
  authorization: string,
): Promise<Result<Caller, Refusal>> {
  const [scheme = '', token, ...rest] = authorization.split(' ')
  if (scheme.toLowerCase() !== 'bearer' || !token || rest.length > 0)
    return refuse(
      'UNAUTHENTICATED',
      'Expected the header "Authorization: Bearer <access token>". Sign in to get a token.',
    )
  if (!check)
    return refuse(
      'UNAUTHENTICATED',
      'Access tokens are not accepted here. Leave the Authorization header out.',
    )
  const principal = await check(token)
  return principal.ok ? ok({ principal: principal.value }) : principal
}
