import { ok, type Result } from '@stoa/platform/result'
import { type Adjust, type AdjustRefusal, adjust } from './adjust.ts'
import { type Count, count } from './count.ts'
import type { Decision, World } from './decision.ts'
import { type Expire, expire, type Keep, keep, type Release, release } from './release.ts'
import type { Reservation } from './reservation.ts'
import { type Reserve, reserve } from './reserve.ts'
import { isShard0 } from './shards.ts'
import { type Ship, ship } from './ship.ts'
import { type Spread, type SpreadRefusal, spread } from './spread.ts'
import { availableToPromise, type Stock, type StockFact } from './stock.ts'

export type StockCommand = Reserve | Release | Expire | Keep | Ship | Count | Adjust | Spread

export type StockRefusal = AdjustRefusal | SpreadRefusal

/** What becomes true by a command. Only what an operator asks for can be refused; the rest has an answer always. */
export function decide(world: World, command: StockCommand): Result<Decision, StockRefusal> {
  switch (command.kind) {
    case 'reserve':
      return ok(reserve(world, command))
    case 'release':
      return ok(release(world, command))
    case 'expire':
      return ok(expire(world, command))
    case 'keep':
      return ok(keep(world))
    case 'ship':
      return ok(ship(world, command))
    case 'count':
      return ok(count(world, command))
    case 'adjust':
      return adjust(world, command)
    case 'spread':
      return spread(world, command)
  }
}

/** Which SKUs a command touches; what gives back or lapses touches what is held. */
export function skusOf(command: StockCommand, reservation: Reservation): readonly string[] {
  switch (command.kind) {
    case 'reserve':
    case 'ship':
      return distinct(command.lines)
    case 'release':
    case 'expire':
      return reservation.status === 'HELD' ? distinct(reservation.held.flatMap(({ lines }) => lines)) : []
    case 'count':
    case 'adjust':
    case 'spread':
      return [command.sku]
    case 'keep':
      return []
  }
}

/** Tells of the new availability with what changed it. No shard can: it does not know the others. */
export function announce(name: string, stock: Stock): readonly StockFact[] {
  return isShard0(name) && stock.shards === 1 ? announceWhole(name, stock) : []
}

/** Tells of the availability of a SKU, if it is not what was told last. */
export function announceWhole(sku: string, stock: Stock): readonly StockFact[] {
  const units = availableToPromise(stock)
  return units === stock.announced
    ? []
    : [{ type: 'AvailabilityChanged', data: { sku, availableToPromise: units } }]
}

function distinct(lines: readonly { readonly sku: string }[]): readonly string[] {
  return [...new Set(lines.map(({ sku }) => sku))]
}
