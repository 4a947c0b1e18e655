import type { JsonObject } from '@stoa/platform/json'
import type { RowKey, RowWrite, TableStore } from '@stoa/platform/table-store'
import { type CategoryTree, createCategoryTree } from '../domain/category-tree.ts'
import type { Category } from '../domain/product.ts'

/** All categories are one partition: they are read together, and few. */
const CATEGORIES = { table: 'category', partition: 'categories' } as const
/** One page of rows. */
export const MAX_CATEGORIES = 1000

export function categoryKey(handle: string): RowKey {
  return { ...CATEGORIES, sort: handle }
}

export function categoryRow(category: Category): RowWrite {
  // A category is plain data: interfaces lack the index signature that says so.
  return { ...categoryKey(category.handle), value: category as unknown as JsonObject }
}

export async function loadCategories(store: TableStore): Promise<CategoryTree> {
  const { rows } = await store.query({ ...CATEGORIES, limit: MAX_CATEGORIES })
  // Written by categoryRow, from a Category.
  return createCategoryTree(rows.map((row) => row.value as unknown as Category))
}
