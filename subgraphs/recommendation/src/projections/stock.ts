import type { EventBus } from '@stoa/platform/event-bus'
import type { EventStore } from '@stoa/platform/event-store'
import { shardOf, shardsOf } from '@stoa/platform/shard'
import type { RowKey } from '@stoa/platform/table-store'
import { parseEvent } from '@stoa/schema/events'
import type { StockKnowledge } from '../ports.ts'
import { readAllRows } from '../store/read-all-rows.ts'
import type { Assortment } from './assortment.ts'
import { refuseFact } from './refuse-fact.ts'

export interface StockParts {
  readonly store: EventStore
  readonly bus: EventBus
  readonly assortment: Assortment
}

/**
 * Which variants are sold out, from what inventory can promise over all locations. Only those are kept: a row each, and in
 * memory. A shop begins with most of its SKUs in stock, so imported facts matter only when they say that one is not.
 */
export async function runStock(parts: StockParts): Promise<StockKnowledge & AsyncDisposable> {
  const { store, bus, assortment } = parts
  const soldOut = new Set((await readAllRows(store, 'sold-out', shardsOf('sold-out'))).map((row) => row.sort))
  const subscription = await bus.subscribe({
    name: 'recommendation.stock',
    pattern: {
      'detail-type': ['AvailabilityChanged'],
      source: ['inventory'],
      $or: [
        { detail: { availableToPromise: [{ numeric: ['<=', 0] }] } },
        { detail: { meta: { imported: [{ exists: false }] } } },
      ],
    },
    imported: true,
    async handle(event) {
      const parsed = parseEvent(event)
      if (!parsed.ok || parsed.value.type !== 'AvailabilityChanged') throw refuseFact(event, parsed)
      const { sku, availableToPromise } = parsed.value.data
      const isSoldOut = availableToPromise <= 0
      if (soldOut.has(sku) === isSoldOut) return
      await store.commit({ rows: [isSoldOut ? { ...keyOf(sku), value: {} } : keyOf(sku)] })
      if (isSoldOut) soldOut.add(sku)
      else soldOut.delete(sku)
    },
  })
  return {
    isSoldOut(productId) {
      const skus = assortment.skusOf(productId)
      return skus.length > 0 && skus.every((sku) => soldOut.has(sku))
    },
    [Symbol.asyncDispose]: () => subscription[Symbol.asyncDispose](),
  }
}

function keyOf(sku: string): RowKey {
  return { table: 'sold-out', partition: shardOf('sold-out', sku), sort: sku }
}
