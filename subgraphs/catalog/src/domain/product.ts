import type { Currency } from '@stoa/platform/market'
import type { EventOf } from '@stoa/schema/events'

/** Something the shop sells, with all its variants: what is kept, changed and told as one. */
export interface Product {
  readonly productId: string
  /** Unique name in URLs. */
  readonly handle: string
  readonly name: string
  readonly description?: string
  readonly brand: string
  /** The handle of its category. */
  readonly category: string
  /** Epoch milliseconds. */
  readonly createdAt: number
  readonly images: readonly Image[]
  /** True for all variants. */
  readonly attributes: readonly Attribute[]
  readonly variants: readonly Variant[]
  /** When name, description or brand last changed, epoch milliseconds; absent for what was imported. */
  readonly describedAt?: number
  /** How many facts were told about it: the version of its stream. */
  readonly facts: number
}

export interface Variant {
  readonly sku: string
  readonly name: string
  readonly attributes: readonly Attribute[]
  readonly image?: Image
  /** Per market; a market without a price does not sell it. */
  readonly prices: Readonly<Record<string, Price>>
}

export interface Price {
  /** Gross minor units. */
  readonly minor: number
  readonly currency: Currency
  /** When it was set, epoch milliseconds; absent for what was imported. */
  readonly asOf?: number
}

export interface Image {
  readonly url: string
  readonly alt: string
  /** Pixels. */
  readonly width?: number
  /** Pixels. */
  readonly height?: number
}

/** A property by its technical name, with a label for people. Choices and flags can be filtered by. */
export type Attribute =
  | { readonly kind: 'text'; readonly name: string; readonly label: string; readonly value: string }
  | {
      readonly kind: 'number'
      readonly name: string
      readonly label: string
      readonly value: number
      readonly unit?: string
    }
  | { readonly kind: 'boolean'; readonly name: string; readonly label: string; readonly value: boolean }
  | {
      readonly kind: 'choice'
      readonly name: string
      readonly label: string
      readonly value: string
      /** For people, when it reads differently from the value. */
      readonly valueLabel?: string
    }

/** A shelf of the shop. */
export interface Category {
  readonly handle: string
  readonly name: string
  readonly description?: string
  /** The handle of the shelf above. */
  readonly parent?: string
  /** Where it stands among its siblings, from 0. */
  readonly position: number
}

/** The product as it becomes, and what is told about it. */
export interface ProductDecision {
  readonly product: Product
  readonly facts: readonly ProductFact[]
}

export type ProductFact = EventOf<'PriceChanged' | 'ProductChanged'>

/** Why a product was not changed. */
export interface ProductRefusal {
  readonly code:
    | 'PRODUCT_NOT_FOUND'
    | 'UNKNOWN_SKU'
    | 'UNKNOWN_MARKET'
    | 'CURRENCY_MISMATCH'
    | 'INVALID_PRICE'
    | 'INVALID_TEXT'
    | 'TOO_MANY_PRICES'
  readonly message: string
  /** Where in the command: `prices`, `0`, `sku`. */
  readonly path?: readonly string[]
}

/** How many variants fit beside their keys into one transaction of 100 items. */
export const MAX_VARIANTS = 90
