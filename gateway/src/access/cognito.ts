import { ok, type Result } from '@stoa/platform/result'
import type { Principal } from '@stoa/platform/subgraph'
import { type Refusal, refuse } from '../refusal.ts'

type Claims = Readonly<Record<string, unknown>>

/** Whether this issuer is a user pool of Amazon Cognito. */
export function isCognito(issuer: string): boolean {
  return /^https:\/\/cognito-idp\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\/[\w-]+$/.test(issuer)
}

/**
 * Whether it is an access token for one of these app clients. Cognito's have no `aud`: they name the client that asked
 * for them. An id token is for that client alone, not for an API.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
 */
export function isForUs(claims: Claims, clients: readonly string[]): boolean {
  return claims['token_use'] === 'access' && clients.includes(String(claims['client_id']))
}

/**
 * Who a verified access token of a user pool is about. Its groups say what they are: `operators`, `kiosks` (with a group
 * `location:MIL-01`), `partners`; nobody's group means a customer. A token of a client for itself is a partner's.
 * `customerId`, `kind` and `locationId`, which a trigger may have added, come first. Scopes are OAuth's, without the
 * name of the resource server, and groups with a colon, as `orders:read`.
 */
export function readCognitoPrincipal(claims: Claims): Result<Principal, Refusal> {
  const groups = textsOf(claims['cognito:groups'])
  const sub = textOf(claims['sub'])
  const scopes = scopesOf(claims['scope'], groups)
  switch (kindOf(claims, groups)) {
    case 'customer':
      return ok({ kind: 'customer', customerId: textOf(claims['customerId']) || sub, scopes })
    case 'operator':
      return ok({ kind: 'operator', operatorId: sub, scopes })
    case 'kiosk':
      return kiosk(sub, textOf(claims['locationId']) || locationOf(groups), scopes)
    case 'partner':
      return ok({ kind: 'partner', partnerId: textOf(claims['partnerId']) || sub, scopes })
    default:
      return refuse(
        'UNAUTHENTICATED',
        'The access token is about nobody this graph knows: its "kind" is none of customer, operator, kiosk, partner.',
      )
  }
}

function kindOf(claims: Claims, groups: readonly string[]): unknown {
  if (claims['kind'] !== undefined) return claims['kind']
  // A client that signs in as itself has no user, and is its own subject.
  if (claims['username'] === undefined && claims['sub'] === claims['client_id']) return 'partner'
  const group = groups.find((name) => Object.hasOwn(KINDS, name))
  return group === undefined ? 'customer' : KINDS[group]
}

const KINDS: Readonly<Record<string, string>> = {
  kiosks: 'kiosk',
  operators: 'operator',
  partners: 'partner',
}

function kiosk(deviceId: string, locationId: string, scopes: readonly string[]): Result<Principal, Refusal> {
  if (locationId !== '') return ok({ kind: 'kiosk', deviceId, locationId, scopes })
  return refuse(
    'UNAUTHENTICATED',
    'This kiosk has no location. Add its user to a group as location:MIL-01, and sign in again.',
  )
}

function locationOf(groups: readonly string[]): string {
  return groups.find((name) => name.startsWith(LOCATION))?.slice(LOCATION.length) ?? ''
}

const LOCATION = 'location:'

function scopesOf(scope: unknown, groups: readonly string[]): readonly string[] {
  const granted = textOf(scope)
    .split(' ')
    // Those of OpenID and of Cognito itself name no resource server.
    .flatMap((word) => (word.includes('/') ? [word.slice(word.indexOf('/') + 1)] : []))
  const held = groups.filter((name) => name.includes(':') && !name.startsWith(LOCATION))
  return [...new Set([...granted, ...held])]
}

function textOf(claim: unknown): string {
  return typeof claim === 'string' ? claim : ''
}

function textsOf(claim: unknown): readonly string[] {
  return Array.isArray(claim) ? claim.filter((text) => typeof text === 'string') : []
}
