import type { Attribute, Image } from './domain/product.ts'

/** An assortment from elsewhere: another shop, a file, the demo generator. */
export interface CatalogImport {
  /** In the order the shop shows them. */
  readonly categories: readonly ImportCategory[]
  readonly products: readonly ImportProduct[]
}

export interface ImportCategory {
  readonly handle: string
  readonly name: string
  readonly description?: string
  /** The handle of the category above. */
  readonly parent?: string
}

export interface ImportProduct {
  readonly productId: string
  readonly handle: string
  readonly name: string
  readonly description?: string
  readonly brand: string
  /** The handle of its category. */
  readonly category: string
  /** Epoch milliseconds. */
  readonly createdAt: number
  /** Where its one picture is; `images` when there are more. */
  readonly image?: string
  readonly images?: readonly Image[]
  readonly attributes: readonly Attribute[]
  readonly variants: readonly ImportVariant[]
}

export interface ImportVariant {
  readonly sku: string
  readonly name: string
  readonly attributes: readonly Attribute[]
  readonly image?: Image
  readonly prices: readonly ImportPrice[]
}

export interface ImportPrice {
  readonly market: string
  /** Gross minor units. */
  readonly minor: number
  readonly currency: string
}
