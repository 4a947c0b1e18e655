import { principalKey, requireScope } from '@stoa/platform/access'
import type { CommandPorts } from '@stoa/platform/handle-command'
import { parseSku } from '@stoa/platform/id'
import type { RequestContext } from '@stoa/platform/subgraph'
import { type Refusal, toUserError } from '@stoa/platform/user-error'
import { MAX_SHARDS } from './domain/shards.ts'
import { handleStockCommand } from './handle-stock-command.ts'
import { idempotencyOf } from './idempotency-of.ts'

/** `StockSpreadInput` as the graph hands it over. */
export interface StockSpreadInput {
  readonly sku: string
  readonly shards: number
  readonly idempotencyKey?: string | null
}

export interface StockSpreadPayload {
  readonly shards: number | null
  readonly userErrors: readonly ReturnType<typeof toUserError>[]
}

/** An operator spreads a SKU before many want it at once, and gathers it afterwards. */
export async function spreadStock(
  ports: CommandPorts,
  input: StockSpreadInput,
  request: RequestContext,
): Promise<StockSpreadPayload> {
  requireScope(request.principal, 'stock:write')
  const problems = check(input)
  if (problems.length > 0)
    return { shards: null, userErrors: problems.map((problem) => toUserError(problem)) }
  const { sku, shards } = input
  const { principal, correlationId, traceparent } = request
  const idempotency = idempotencyOf('stockSpread', input, request)
  const done = await handleStockCommand(ports, {
    command: { kind: 'spread', reference: principalKey(principal), sku, shards },
    meta: { correlationId, ...(traceparent && { traceparent }) },
    ...(idempotency && { idempotency }),
  })
  return done.ok ? { shards, userErrors: [] } : { shards: null, userErrors: [toGraphError(done.error)] }
}

function check({ sku, shards }: StockSpreadInput): readonly Refusal[] {
  const problems: Refusal[] = []
  const id = parseSku(sku)
  if (!id.ok) problems.push({ ...id.error, path: ['sku'] })
  if (!Number.isInteger(shards) || shards < 1 || shards > MAX_SHARDS) {
    const message = `Expected 1 to ${MAX_SHARDS} shards, got ${shards}. 1 gathers the stock again.`
    problems.push({ code: 'BAD_SHARDS', message, path: ['shards'] })
  }
  return problems
}

function toGraphError(refusal: Refusal): ReturnType<typeof toUserError> {
  switch (refusal.code) {
    case 'SHARDS_HELD':
      return toUserError({ ...refusal, path: ['shards'] }, 'ShardsHeld')
    case 'UNKNOWN_SKU':
      return toUserError({ ...refusal, path: ['sku'] })
    default:
      return toUserError(refusal)
  }
}
