import { err, ok, type Result } from '@stoa/platform/result'
import type { ProductChanged } from '@stoa/schema/events'
import type { Product, ProductDecision, ProductRefusal } from './product.ts'

/** What is said about a product; what is absent stays as it is. */
export interface DescribeProduct {
  readonly name?: string
  /** Empty removes it. */
  readonly description?: string
  readonly brand?: string
  /** When it became so, epoch milliseconds. */
  readonly at: number
  /** Leaves alone what was said later than `at`: an old message must not undo a newer one. */
  readonly onlyNewer: boolean
}

/** Says it differently; what is so already tells nothing. */
export function describeProduct(
  product: Product,
  command: DescribeProduct,
): Result<ProductDecision, ProductRefusal> {
  const { name = product.name, description = product.description ?? '', brand = product.brand } = command
  const wrong =
    checkLength('name', name, { least: 1, most: 200 }) ??
    checkLength('description', description, { least: 0, most: 5_000 }) ??
    checkLength('brand', brand, { least: 1, most: 100 })
  if (wrong) return err(wrong)
  const late = command.onlyNewer && (product.describedAt ?? 0) > command.at
  if (late || isSo(product, { name, description, brand })) return ok({ product, facts: [] })
  const { description: _, ...rest } = product
  const words = { name, brand, ...(description === '' ? {} : { description }) }
  const changed: Product = { ...rest, ...words, describedAt: command.at }
  return ok({
    product: changed,
    facts: [{ type: 'ProductChanged', data: toldOf(changed) }],
  })
}

function toldOf({ productId, name, category, variants }: Product): ProductChanged {
  return { productId, name, category, skus: variants.map(({ sku }) => sku) }
}

function isSo(
  product: Product,
  words: { readonly name: string; readonly description: string; readonly brand: string },
): boolean {
  const { name, description, brand } = words
  return name === product.name && description === (product.description ?? '') && brand === product.brand
}

function checkLength(
  field: string,
  text: string,
  { least, most }: { readonly least: number; readonly most: number },
): ProductRefusal | undefined {
  const length = text.trim().length
  if (length >= least && text.length <= most && text.isWellFormed()) return undefined
  const message = `Expected ${least} to ${most} characters as ${field}, got ${text.length}.`
  return { code: 'INVALID_TEXT', message, path: [field] }
}
