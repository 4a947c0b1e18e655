import { principalKey, requireScope } from '@stoa/platform/access'
import type { CommandPorts } from '@stoa/platform/handle-command'
import { parseSku } from '@stoa/platform/id'
import type { RequestContext } from '@stoa/platform/subgraph'
import { type Refusal, toUserError } from '@stoa/platform/user-error'
import { type Level, MAX_ON_HAND } from './domain/stock.ts'
import { handleStockCommand } from './handle-stock-command.ts'
import { idempotencyOf } from './idempotency-of.ts'
import type { Locations } from './location-book.ts'

/** `StockAdjustInput` as the graph hands it over. */
export interface StockAdjustInput {
  readonly sku: string
  readonly locationId: string
  readonly onHand: number
  readonly compareOnHand: number
  readonly reason: string
  readonly idempotencyKey?: string | null
}

export interface StockAdjustPayload {
  readonly level: StockLevel | null
  readonly userErrors: readonly ReturnType<typeof toUserError>[]
}

export interface StockLevel {
  readonly sku: string
  readonly locationId: string
  readonly level: Level
}

/** An operator corrects what is on hand. */
export async function adjustStock(
  ports: CommandPorts,
  input: StockAdjustInput,
  from: { readonly request: RequestContext; readonly locations: Locations },
): Promise<StockAdjustPayload> {
  const { request, locations } = from
  requireScope(request.principal, 'stock:write')
  const problems = check(input, locations)
  if (problems.length > 0) return { level: null, userErrors: problems.map((problem) => toUserError(problem)) }
  const { sku, locationId, onHand, compareOnHand, reason } = input
  const { correlationId, traceparent } = request
  const idempotency = idempotencyOf('stockAdjust', input, request)
  const reference = principalKey(request.principal)
  const now = ports.clock.now()
  const done = await handleStockCommand(ports, {
    command: { kind: 'adjust', reference, sku, locationId, onHand, compareOnHand, reason, now },
    meta: { correlationId, ...(traceparent && { traceparent }) },
    ...(idempotency && { idempotency }),
  })
  if (!done.ok) return { level: null, userErrors: [toGraphError(done.error)] }
  const { level } = done.value
  return { level: level ? { sku, locationId, level } : null, userErrors: [] }
}

function check(input: StockAdjustInput, { byId }: Locations): readonly Refusal[] {
  const { sku, locationId, onHand, reason } = input
  const problems: Refusal[] = []
  const id = parseSku(sku)
  if (!id.ok) problems.push({ ...id.error, path: ['sku'] })
  if (!byId.has(locationId)) {
    const message = `There is no location "${locationId}". Look at the query "locations".`
    problems.push({ code: 'UNKNOWN_LOCATION', message, path: ['locationId'] })
  }
  if (onHand < 0 || onHand > MAX_ON_HAND) {
    const message = `Expected 0 to ${MAX_ON_HAND} units, got ${onHand}.`
    problems.push({ code: 'BAD_QUANTITY', message, path: ['onHand'] })
  }
  if (reason.trim() === '' || reason.length > 200) {
    const message = `Expected a reason of 1 to 200 characters, got ${reason.length}.`
    problems.push({ code: 'BAD_REASON', message, path: ['reason'] })
  }
  return problems
}

function toGraphError(refusal: Refusal): ReturnType<typeof toUserError> {
  switch (refusal.code) {
    case 'STOCK_CHANGED':
      return toUserError({ ...refusal, path: ['compareOnHand'] }, 'StockChanged')
    case 'BELOW_RESERVED':
      return toUserError({ ...refusal, path: ['onHand'] }, 'BelowReserved')
    default:
      return toUserError(refusal)
  }
}
