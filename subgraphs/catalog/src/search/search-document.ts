import type { CategoryTree } from '../domain/category-tree.ts'
import type { Attribute, Product } from '../domain/product.ts'
import type { SearchDocument, SearchVariant } from './product-search.ts'

/** What the index is told about a product. */
export function searchDocument(product: Product, categories: CategoryTree): SearchDocument {
  const { productId, name, brand, createdAt } = product
  const path = categories.path(product.category)
  return {
    productId,
    name,
    brand,
    description: descriptionOf(product),
    createdAt,
    categories: path.map((category) => ({ value: category.handle, valueLabel: category.name })),
    variants: product.variants.map((variant) => ({
      sku: variant.sku,
      facets: [...variant.attributes, ...product.attributes].flatMap(facetOf),
      prices: Object.entries(variant.prices).map(([market, { minor }]) => ({ market, minor })),
    })),
  }
}

/** Free texts are found like the description; they are too different from each other to be counted. */
function descriptionOf({ description = '', attributes }: Product): string {
  const texts = attributes.flatMap((attribute) => (attribute.kind === 'text' ? [attribute.value] : []))
  return [description, ...texts].join('\n')
}

function facetOf(attribute: Attribute): SearchVariant['facets'] {
  const { name, label } = attribute
  switch (attribute.kind) {
    case 'choice':
      return [{ name, label, value: attribute.value, valueLabel: attribute.valueLabel ?? attribute.value }]
    case 'boolean':
      return [{ name, label, value: String(attribute.value), valueLabel: attribute.value ? 'yes' : 'no' }]
    case 'text':
    case 'number':
      return []
  }
}
