import { createHash } from 'node:crypto'
import { principalKey } from '@stoa/platform/access'
import type { IdempotencyKey } from '@stoa/platform/idempotency'
import { err, ok, type Result } from '@stoa/platform/result'
import type { RequestContext } from '@stoa/platform/subgraph'
import type { CartRefusal } from '../domain/cart/refusal.ts'

export interface KeyedRequest {
  readonly request: RequestContext
  /** The mutation's name. */
  readonly operation: string
  /** What it is about: keeps one nobody's keys apart from another's. */
  readonly about: string
  readonly input: { readonly idempotencyKey?: string | null }
}

/** Printable and short: it travels through headers, logs and tables. */
const KEY = /^[\x21-\x7e]{1,128}$/

/** The caller's idempotency key, from the request or else the input; none is fine here. */
export function requestKey(asked: KeyedRequest): Result<IdempotencyKey | undefined, CartRefusal> {
  const { request, operation, about } = asked
  const { idempotencyKey, ...body } = asked.input
  const key = request.idempotencyKey ?? idempotencyKey ?? undefined
  if (key === undefined) return ok(undefined)
  if (!KEY.test(key)) {
    const message = 'Expected an idempotency key of 1 to 128 printable characters, such as a fresh UUID.'
    return err({ code: 'IDEMPOTENCY_KEY_INVALID', message, path: ['idempotencyKey'] })
  }
  const who = principalKey(request.principal)
  const scope =
    request.principal.kind === 'anonymous' ? `${who}/${operation}/${about}` : `${who}/${operation}`
  const requestHash = createHash('sha256').update(canonical(body)).digest('base64url')
  return ok({ scope, key, requestHash })
}

export function keyRequired(): CartRefusal {
  const message =
    'A checkout needs an idempotency key: make a fresh UUID for it, and send the same one again when you retry.'
  return { code: 'IDEMPOTENCY_KEY_REQUIRED', message, path: ['idempotencyKey'] }
}

export function keyReused(message: string): CartRefusal {
  return { code: 'IDEMPOTENCY_KEY_REUSED', message, path: ['idempotencyKey'] }
}

/** The same text for the same content, in whatever order its fields came; absent and null are the same. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'bigint') return part.toString()
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
    const entries = Object.entries(part).filter(([, field]) => field !== undefined && field !== null)
    return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))
  })
}
