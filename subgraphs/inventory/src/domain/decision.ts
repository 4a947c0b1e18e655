import type { EventOf, EventStockMovement, EventStockPosting } from '@stoa/schema/events'
import type { Reservation, ReservationFact } from './reservation.ts'
import { type Shard, shardName } from './shards.ts'
import type { LocationReason } from './source-order.ts'
import { noStock, type Stock, type StockFact } from './stock.ts'

/** What a command may look at: the stock of its SKUs and the reservation of its order. */
export interface World {
  /** By SKU; of one that is spread, what is known of its shards together. */
  readonly stock: ReadonlyMap<string, Stock>
  /** Of the SKUs that are spread: the shards that were read. */
  readonly shards?: ReadonlyMap<string, readonly Shard[]>
  readonly reservation: Reservation
}

/** What becomes true, all of it or nothing. Empty: already so. */
export interface Decision {
  /** Facts for each stream, by the name of its SKU or shard. */
  readonly stock: ReadonlyMap<string, readonly StockFact[]>
  /** The reservation from now on; absent when it stays as it is. */
  readonly reservation?: Reservation
  /** Facts for the reservation's stream. */
  readonly facts: readonly ReservationFact[]
  /** Why each location was chosen or passed over. */
  readonly reasons?: readonly LocationReason[]
}

export const nothing: Decision = { stock: new Map(), facts: [] }

/** The shards of a SKU; one that is not spread is its own shard 0. */
export function shardsOf({ stock, shards }: World, sku: string): readonly Shard[] {
  return shards?.get(sku) ?? [{ number: 0, stock: stock.get(sku) ?? noStock }]
}

/** Facts of a SKU that is spread say of which shard they are. */
export function shardTag({ shards }: World, sku: string, shard: number): { readonly shard?: number } {
  return shards?.has(sku) ? { shard } : {}
}

/** One posting and the SKU it belongs to. */
export interface SkuPosting {
  readonly sku: string
  /** Default 0. */
  readonly shard?: number | undefined
  readonly posting: EventStockPosting
}

/** Why units move, the same for every SKU of a command. */
export interface Cause {
  readonly movement: EventStockMovement
  readonly reference: string
  readonly occurredAt?: number
}

/** One StockMoved per SKU and shard out of postings in any order; postings of no units are left out. */
export function movements(
  world: World,
  cause: Cause,
  postings: readonly SkuPosting[],
): Map<string, StockFact[]> {
  const streams = new Map<string, { sku: string; shard: number; list: EventStockPosting[] }>()
  for (const { sku, shard = 0, posting } of postings) {
    if (posting.quantity === 0) continue
    streams.getOrInsertComputed(shardName(sku, shard), () => ({ sku, shard, list: [] })).list.push(posting)
  }
  return new Map(
    [...streams].map(([name, { sku, shard, list }]) => {
      const tag = shardTag(world, sku, shard)
      return [name, [moved({ sku, ...cause, postings: list, ...tag })]]
    }),
  )
}

export function moved(data: EventOf<'StockMoved'>['data']): StockFact {
  return { type: 'StockMoved', data }
}
