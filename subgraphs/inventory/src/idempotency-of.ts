import { createHash } from 'node:crypto'
import { principalKey } from '@stoa/platform/access'
import type { IdempotencyKey } from '@stoa/platform/idempotency'
import type { RequestContext } from '@stoa/platform/subgraph'

/** The caller's key of one mutation, from the request or, where it has none, from the input. */
export function idempotencyOf(
  mutation: string,
  input: { readonly idempotencyKey?: string | null },
  request: RequestContext,
): IdempotencyKey | undefined {
  const { idempotencyKey, ...body } = input
  const key = request.idempotencyKey ?? idempotencyKey
  if (!key) return undefined
  const requestHash = createHash('sha256').update(JSON.stringify(body)).digest('base64url')
  return { scope: `${principalKey(request.principal)}/${mutation}`, key, requestHash }
}
