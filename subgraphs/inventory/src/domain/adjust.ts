import { err, ok, type Result } from '@stoa/platform/result'
import { takeShelves } from './count.ts'
import type { Decision, World } from './decision.ts'
import { type Level, levelAt, noStock } from './stock.ts'

/** An operator says what is on hand, and what they saw before. */
export interface Adjust {
  readonly kind: 'adjust'
  readonly reference: string
  readonly sku: string
  readonly locationId: string
  /** Reserved units included. */
  readonly onHand: number
  readonly compareOnHand: number
  readonly reason: string
  /** Epoch milliseconds. */
  readonly now: number
}

export type AdjustRefusal =
  | { readonly code: 'STOCK_CHANGED'; readonly message: string; readonly onHand: number }
  | { readonly code: 'BELOW_RESERVED'; readonly message: string; readonly reserved: number }

export function adjust(world: World, command: Adjust): Result<Decision, AdjustRefusal> {
  const { sku, locationId, reference, reason, now } = command
  const level = levelAt(world.stock.get(sku) ?? noStock, locationId)
  const onHand = level.available + level.reserved
  if (onHand !== command.compareOnHand) return err(changed(command, onHand))
  if (command.onHand < level.reserved) return err(belowReserved(command, level))
  // A shelf counted "later" by another clock must not make this correction look old.
  const at = Math.max(now, level.shelfAt + 1)
  const stock = takeShelves(world, {
    movement: 'ADJUSTED',
    sku,
    locationId,
    onHand: command.onHand,
    at,
    reference,
    reason,
  })
  return ok({ stock, facts: [] })
}

function changed({ sku, locationId, compareOnHand }: Adjust, onHand: number): AdjustRefusal {
  return {
    code: 'STOCK_CHANGED',
    message: `Expected ${compareOnHand} on hand of ${sku} at ${locationId}, there are ${onHand}. Look again and decide again.`,
    onHand,
  }
}

function belowReserved({ sku, locationId, onHand }: Adjust, { reserved }: Level): AdjustRefusal {
  return {
    code: 'BELOW_RESERVED',
    message: `Orders hold ${reserved} of ${sku} at ${locationId}, so ${onHand} on hand is too few. Cancel or move orders first.`,
    reserved,
  }
}
