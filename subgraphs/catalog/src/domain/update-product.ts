import { mapResult, type Result } from '@stoa/platform/result'
import { type ChangePrices, changePrices } from './change-prices.ts'
import { type DescribeProduct, describeProduct } from './describe-product.ts'
import type { Product, ProductDecision, ProductRefusal } from './product.ts'

/** Words and prices of one product in one go. */
export interface UpdateProduct {
  readonly words: DescribeProduct
  readonly prices: ChangePrices
}

/** Both or neither. */
export function updateProduct(
  product: Product,
  command: UpdateProduct,
): Result<ProductDecision, ProductRefusal> {
  const described = describeProduct(product, command.words)
  if (!described.ok) return described
  return mapResult(changePrices(described.value.product, command.prices), (priced) => ({
    product: priced.product,
    facts: [...described.value.facts, ...priced.facts],
  }))
}
