import { ok, type Result } from '@stoa/platform/result'
import type { Principal } from '@stoa/platform/subgraph'
import { type Refusal, refuse } from '../refusal.ts'

/**
 * Who a verified token is about: `sub` names them, `kind` says what they are (a customer when it says nothing), and
 * `scope` what they may do, as a list or as words.
 */
export function readPrincipal(claims: Readonly<Record<string, unknown>>): Result<Principal, Refusal> {
  const sub = textOf(claims['sub'])
  const scopes = scopesOf(claims['scope'] ?? claims['scp'])
  switch (claims['kind'] ?? 'customer') {
    case 'customer':
      return ok({ kind: 'customer', customerId: sub, scopes })
    case 'operator':
      return ok({ kind: 'operator', operatorId: sub, scopes })
    case 'kiosk':
      return ok({ kind: 'kiosk', deviceId: sub, locationId: textOf(claims['locationId']), scopes })
    case 'partner':
      return ok({ kind: 'partner', partnerId: sub, scopes })
    default:
      return refuse(
        'UNAUTHENTICATED',
        'The access token is about nobody this graph knows: its "kind" is none of customer, operator, kiosk, partner.',
      )
  }
}

function scopesOf(claim: unknown): readonly string[] {
  const words = Array.isArray(claim) ? claim : typeof claim === 'string' ? claim.split(' ') : []
  return words.filter((word) => typeof word === 'string' && word !== '')
}

function textOf(claim: unknown): string {
  return typeof claim === 'string' ? claim : ''
}
