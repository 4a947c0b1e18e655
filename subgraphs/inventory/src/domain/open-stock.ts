import type { EventStockPosting } from '@stoa/schema/events'
import { moved } from './decision.ts'
import type { StockFact } from './stock.ts'

/** What is there of a SKU before we begin to keep its ledger. */
export interface StockOpening {
  readonly sku: string
  readonly levels: readonly {
    readonly locationId: string
    /** Units, none of them reserved. */
    readonly onHand: number
    /** Units of these to hold back from the promise. Default 0. */
    readonly safetyStock?: number
  }[]
}

/** The opening balance, taken from the supplier's account so that the ledger sums to zero from its first line. */
export function openStock({ sku, levels }: StockOpening): readonly StockFact[] {
  const postings: EventStockPosting[] = []
  const safety: { locationId: string; units: number }[] = []
  for (const { locationId, onHand, safetyStock = 0 } of levels) {
    if (onHand > 0) postings.push({ locationId, from: 'SUPPLIER', to: 'AVAILABLE', quantity: onHand })
    if (safetyStock > 0) safety.push({ locationId, units: safetyStock })
  }
  const facts: StockFact[] = []
  if (postings.length > 0)
    facts.push(moved({ sku, movement: 'OPENED', reference: 'opening balance', postings }))
  if (safety.length > 0) facts.push({ type: 'SafetyStockChanged', data: { sku, levels: safety } })
  return facts
}
