import type { Envelope } from '@stoa/platform/event'
import type { EventBus } from '@stoa/platform/event-bus'
import type { EventStore } from '@stoa/platform/event-store'
import { parseEvent } from '@stoa/schema/events'
import type { AffinityGraph } from '../ports.ts'
import { loadAssortment, type ToldProduct, writeAssortment } from '../store/assortment-rows.ts'
import { refuseFact } from './refuse-fact.ts'

/** Which products there are, in which variants. */
export interface Assortment extends AsyncDisposable {
  /** Its variants as far as they were told; none for a product nobody told of. */
  skusOf(productId: string): readonly string[]
}

export interface AssortmentParts {
  readonly store: EventStore
  readonly bus: EventBus
  readonly graph: AffinityGraph
}

/** What the catalogue tells of products: where they stand, and which variants they have. */
export async function runAssortment({ store, bus, graph }: AssortmentParts): Promise<Assortment> {
  const products = new Map(await loadAssortment(store))
  const subscription = await bus.subscribe({
    name: 'recommendation.assortment',
    pattern: { 'detail-type': ['ProductChanged', 'PriceChanged'], source: ['catalog'] },
    imported: true,
    async handle(event) {
      for (const product of await writeAssortment(store, [toTold(event)])) {
        const { productId, category } = product
        products.set(productId, product)
        if (category !== undefined) await graph.describe([{ productId, category }])
      }
    },
  })
  return {
    skusOf: (productId) => products.get(productId)?.skus ?? [],
    [Symbol.asyncDispose]: () => subscription[Symbol.asyncDispose](),
  }
}

function toTold(event: Envelope): ToldProduct {
  const parsed = parseEvent(event)
  if (parsed.ok && parsed.value.type === 'PriceChanged') {
    const { productId, sku } = parsed.value.data
    return { productId, skus: [sku] }
  }
  if (!parsed.ok || parsed.value.type !== 'ProductChanged') throw refuseFact(event, parsed)
  const { productId, category, skus } = parsed.value.data
  return { productId, ...(category && { category }), ...(skus && { skus }) }
}
