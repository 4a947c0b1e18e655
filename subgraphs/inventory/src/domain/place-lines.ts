import { invariant } from '@stoa/platform/invariant'
import type { EventQuantity, StockAllocation } from '@stoa/schema/events'
import type { World } from './decision.ts'
import type { HeldAllocation, HeldLine } from './reservation.ts'
import { freeUnits } from './shards.ts'

type Free = ReturnType<typeof freeUnits>

/** Which shards give what was allocated: the first that has enough for a line, else the fullest first. */
export function placeLines(
  { shards }: World,
  allocations: readonly StockAllocation[],
): readonly HeldAllocation[] {
  if (!shards) return allocations
  return allocations.map(({ locationId, lines }) => {
    const free = new Map([...shards].map(([sku, all]) => [sku, freeUnits(all, locationId)]))
    return { locationId, lines: lines.flatMap((line) => placeLine(line, free.get(line.sku))) }
  })
}

function placeLine(line: EventQuantity, free: Free | undefined): readonly HeldLine[] {
  if (!free) return [line]
  const enough = free.find(({ units }) => units >= line.quantity)
  const placed: HeldLine[] = []
  let missing = line.quantity
  for (const source of enough ? [enough] : free.toSorted((a, b) => b.units - a.units)) {
    const quantity = Math.min(source.units, missing)
    if (quantity === 0) break
    source.units -= quantity
    missing -= quantity
    placed.push({ ...line, quantity, ...(source.shard > 0 && { shard: source.shard }) })
  }
  invariant(missing === 0, `${missing} units of ${line.sku} were allocated that no shard has`)
  return placed
}
