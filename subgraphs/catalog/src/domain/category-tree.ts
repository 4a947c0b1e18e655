import type { Category } from './product.ts'

/** All categories, to walk up and down without asking again. */
export interface CategoryTree {
  readonly byHandle: ReadonlyMap<string, Category>
  /** Of a handle, or of nothing: the top. In the order the shop shows them. */
  readonly children: (handle: string | undefined) => readonly Category[]
  /** The category itself, then the ones above it; empty when there is none. */
  readonly path: (handle: string) => readonly Category[]
}

export function createCategoryTree(categories: readonly Category[]): CategoryTree {
  const byHandle = new Map(categories.map((category) => [category.handle, category]))
  const sorted = categories.toSorted((a, b) => a.position - b.position)
  const byParent = Map.groupBy(sorted, (category) => category.parent)
  return {
    byHandle,
    children: (handle) => byParent.get(handle) ?? [],
    path(handle) {
      const path: Category[] = []
      let next = byHandle.get(handle)
      // Importing refuses circles; should one be stored all the same, the walk still ends.
      while (next && !path.includes(next)) {
        path.push(next)
        next = next.parent === undefined ? undefined : byHandle.get(next.parent)
      }
      return path
    },
  }
}
