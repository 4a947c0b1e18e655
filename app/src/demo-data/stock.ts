import type { Random } from '@stoa/platform/random'
import { drawChance, drawInt } from './draw.ts'
import type { DemoLocation } from './locations.ts'
import type { DemoProduct } from './products.ts'

export interface DemoStock {
  readonly sku: string
  readonly levels: readonly {
    readonly locationId: string
    readonly onHand: number
    readonly safetyStock?: number
  }[]
}

/** Distribution centres hold most things deep, stores hold a third of the assortment thinly; one SKU in 25 is sold out. */
export function makeStock(
  random: Random,
  products: readonly DemoProduct[],
  locations: readonly DemoLocation[],
): readonly DemoStock[] {
  return products.flatMap((product) =>
    product.variants.map((variant) => ({
      sku: variant.sku,
      levels: drawChance(random, 0.04) ? [] : locations.flatMap((location) => level(random, location)),
    })),
  )
}

function level(random: Random, location: DemoLocation): DemoStock['levels'] {
  const stocked = drawChance(random, location.kind === 'DC' ? 0.85 : 0.33)
  if (!stocked) return []
  const onHand = location.kind === 'DC' ? drawInt(random, 20, 240) : drawInt(random, 1, 12)
  return [
    { locationId: location.locationId, onHand, ...(location.kind === 'STORE' ? { safetyStock: 1 } : {}) },
  ]
}
