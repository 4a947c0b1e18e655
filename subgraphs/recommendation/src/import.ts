import type { EventStore } from '@stoa/platform/event-store'
import { openMemoryAffinityGraph } from './affinity-graph.memory.ts'
import type { Purchase } from './domain/taste.ts'
import { type AssortedProduct, writeAssortment } from './store/assortment-rows.ts'

/** A past order: its id, who bought (absent for a guest), which products, when (epoch milliseconds). */
export type PastOrder = Purchase

/** A product as the catalogue has it: its category, its variants. */
export type ImportProduct = Required<AssortedProduct>

/**
 * Counts past orders in as few transactions as they fit in; before the subgraph opens on the same store, or its
 * memory would not hear of them. An order that was counted already, by an event or an import, is not counted again.
 * Answers how many were new.
 */
export async function importAffinity(store: EventStore, orders: readonly PastOrder[]): Promise<number> {
  await using graph = await openMemoryAffinityGraph(store)
  return await graph.record(orders)
}

/** Takes in which products there are, before the subgraph opens on the same store. Running it again changes nothing. */
export async function importAssortment(store: EventStore, products: readonly ImportProduct[]): Promise<void> {
  await writeAssortment(store, products)
}
