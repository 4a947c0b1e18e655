import { err, ok, type Result } from '@stoa/platform/result'
import type { EventDelivery, EventQuantity, StockAllocation, StockShortage } from '@stoa/schema/events'
import { type Candidate, rankCandidates } from './candidates.ts'
import type { Location } from './location.ts'
import type { Stock } from './stock.ts'

export interface SourceRequest {
  /** Lines of the same SKU count together. */
  readonly lines: readonly EventQuantity[]
  readonly delivery: EventDelivery
  readonly locations: readonly Location[]
  readonly stock: ReadonlyMap<string, Stock>
}

export interface SourcePlan {
  /** In the order they were chosen. */
  readonly allocations: readonly StockAllocation[]
  /** Why or why not, one per location, best ranked first. */
  readonly reasons: readonly LocationReason[]
}

export interface LocationReason {
  readonly locationId: string
  readonly verdict: 'HOLDS_EVERYTHING' | 'COVERS_MOST' | 'RANKED_LOWER' | 'HOLDS_TOO_LITTLE' | 'HAS_NONE'
  /** To the destination, when that is known. */
  readonly distanceKm?: number
}

/**
 * Which location sends what. One that holds everything beats any split; among those the best ranked wins.
 * Else the location that covers most of the rest is taken until nothing is left, ties to the better ranked.
 * Safety stock is never promised. The same question has the same answer.
 */
export function sourceOrder(request: SourceRequest): Result<SourcePlan, readonly StockShortage[]> {
  const candidates = rankCandidates(request)
  const shortages = findShortages(request.lines, candidates)
  if (shortages.length > 0) return err(shortages)
  const whole = candidates.find((candidate) => take(candidate, request.lines).rest.length === 0)
  const chosen = whole ? [allocate(whole, request.lines)] : split(candidates, request.lines)
  return ok({ allocations: chosen, reasons: explain(candidates, chosen, request.lines) })
}

function findShortages(
  lines: readonly EventQuantity[],
  candidates: readonly Candidate[],
): readonly StockShortage[] {
  const wanted = new Map<string, number>()
  for (const { sku, quantity } of lines) wanted.set(sku, (wanted.get(sku) ?? 0) + quantity)
  return [...wanted].flatMap(([sku, requested]) => {
    const available = candidates.reduce((sum, { free }) => sum + (free.get(sku) ?? 0), 0)
    return available < requested ? [{ sku, requested, available }] : []
  })
}

function split(
  candidates: readonly Candidate[],
  lines: readonly EventQuantity[],
): readonly StockAllocation[] {
  const allocations: StockAllocation[] = []
  const left = new Set(candidates)
  let rest = lines
  while (rest.length > 0 && left.size > 0) {
    const best = coversMost([...left], rest)
    allocations.push(allocate(best, rest))
    rest = take(best, rest).rest
    left.delete(best)
  }
  return allocations
}

function coversMost(candidates: readonly Candidate[], lines: readonly EventQuantity[]): Candidate {
  const units = new Map(candidates.map((candidate) => [candidate, countUnits(take(candidate, lines).taken)]))
  return candidates.reduce((best, next) => ((units.get(next) ?? 0) > (units.get(best) ?? 0) ? next : best))
}

interface Taking {
  readonly taken: readonly EventQuantity[]
  readonly rest: readonly EventQuantity[]
}

/** As much of the lines as this location can give, line by line, a line split where its units run out. */
function take(candidate: Candidate, lines: readonly EventQuantity[]): Taking {
  const used = new Map<string, number>()
  const taken: EventQuantity[] = []
  const rest: EventQuantity[] = []
  for (const line of lines) {
    const gone = used.get(line.sku) ?? 0
    const units = Math.min(line.quantity, (candidate.free.get(line.sku) ?? 0) - gone)
    used.set(line.sku, gone + units)
    if (units > 0) taken.push({ ...line, quantity: units })
    if (units < line.quantity) rest.push({ ...line, quantity: line.quantity - units })
  }
  return { taken, rest }
}

function allocate(candidate: Candidate, lines: readonly EventQuantity[]): StockAllocation {
  return { locationId: candidate.location.locationId, lines: take(candidate, lines).taken }
}

function explain(
  candidates: readonly Candidate[],
  chosen: readonly StockAllocation[],
  lines: readonly EventQuantity[],
): readonly LocationReason[] {
  const winners = new Set(chosen.map(({ locationId }) => locationId))
  return candidates.map((candidate) => {
    const { locationId } = candidate.location
    const { taken, rest } = take(candidate, lines)
    const verdict = verdictOf({
      wins: winners.has(locationId),
      all: rest.length === 0,
      some: taken.length > 0,
    })
    return {
      locationId,
      verdict,
      ...(candidate.distanceKm === undefined ? {} : { distanceKm: candidate.distanceKm }),
    }
  })
}

function verdictOf(of: {
  readonly wins: boolean
  readonly all: boolean
  readonly some: boolean
}): LocationReason['verdict'] {
  if (of.wins) return of.all ? 'HOLDS_EVERYTHING' : 'COVERS_MOST'
  if (of.all) return 'RANKED_LOWER'
  return of.some ? 'HOLDS_TOO_LITTLE' : 'HAS_NONE'
}

function countUnits(lines: readonly EventQuantity[]): number {
  return lines.reduce((sum, { quantity }) => sum + quantity, 0)
}
