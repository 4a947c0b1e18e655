import { createHash } from 'node:crypto'
import { principalKey, requireScope } from '@stoa/platform/access'
import type { CommandPorts } from '@stoa/platform/handle-command'
import type { IdempotencyKey } from '@stoa/platform/idempotency'
import { err } from '@stoa/platform/result'
import type { RequestContext } from '@stoa/platform/subgraph'
import { toUserError } from '@stoa/platform/user-error'
import type { UpdateProduct } from './domain/update-product.ts'
import { updateProduct as decide } from './domain/update-product.ts'
import { type ChangeRefusal, changeProduct, type VersionConflict } from './store/change-product.ts'
import type { StoredProduct } from './store/product-rows.ts'

/** `ProductUpdateInput` as the graph hands it over. */
export interface ProductUpdateInput {
  readonly productId: string
  readonly expectedVersion?: number | null
  readonly name?: string | null
  readonly description?: string | null
  readonly brand?: string | null
  readonly prices?: readonly VariantPriceInput[] | null
  readonly idempotencyKey?: string | null
}

export interface VariantPriceInput {
  readonly sku: string
  readonly market: string
  readonly amountMinor: bigint
  readonly currency: string
}

export interface ProductUpdatePayload {
  readonly product: StoredProduct | null
  readonly userErrors: readonly ReturnType<typeof toUserError>[]
}

/** An operator changes a product. */
export async function updateProduct(
  ports: CommandPorts,
  input: ProductUpdateInput,
  request: RequestContext,
): Promise<ProductUpdatePayload> {
  requireScope(request.principal, 'catalog:write')
  const command = toCommand(input, ports.clock.now())
  const idempotency = idempotencyOf(input, request)
  const { correlationId, traceparent } = request
  const changed = await changeProduct(ports, {
    productId: input.productId,
    meta: { correlationId, ...(traceparent && { traceparent }) },
    ...(idempotency && { idempotency }),
    decide: (now) => {
      const conflict = checkVersion(input.expectedVersion, now)
      return conflict ? err(conflict) : decide(now.product, command)
    },
  })
  if (changed.ok) return { product: changed.value, userErrors: [] }
  return { product: null, userErrors: [toGraphError(changed.error)] }
}

function toCommand({ name, description, brand, prices }: ProductUpdateInput, at: number): UpdateProduct {
  const changes = (prices ?? []).map(({ sku, market, amountMinor, currency }) => {
    // Beyond 2^53 the number is not exact any more, and the domain refuses it.
    return { sku, market, currency, minor: Number(amountMinor) }
  })
  return {
    words: {
      ...(typeof name === 'string' && { name }),
      ...(typeof description === 'string' && { description }),
      ...(typeof brand === 'string' && { brand }),
      at,
      onlyNewer: false,
    },
    prices: { changes, at, onlyNewer: false },
  }
}

function checkVersion(expected: number | null | undefined, now: StoredProduct): VersionConflict | undefined {
  if (expected === null || expected === undefined || expected === now.version) return undefined
  const message = `Expected version ${expected}, but the product is at version ${now.version}. Read it again and decide anew.`
  return { code: 'VERSION_CONFLICT', message, path: ['expectedVersion'], currentVersion: now.version }
}

function toGraphError(refusal: ChangeRefusal): ReturnType<typeof toUserError> {
  return toUserError(refusal, refusal.code === 'VERSION_CONFLICT' ? 'ProductVersionConflict' : undefined)
}

function idempotencyOf(input: ProductUpdateInput, request: RequestContext): IdempotencyKey | undefined {
  const { idempotencyKey, ...body } = input
  const key = request.idempotencyKey ?? idempotencyKey
  if (!key) return undefined
  const text = JSON.stringify(body, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  )
  const requestHash = createHash('sha256').update(text).digest('base64url')
  return { scope: `${principalKey(request.principal)}/productUpdate`, key, requestHash }
}
