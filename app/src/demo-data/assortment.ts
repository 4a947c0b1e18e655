import { clothing } from './goods-clothing.ts'
import { home } from './goods-home.ts'
import { outdoor } from './goods-outdoor.ts'
import type { CategoryPlan } from './plan.ts'

export const departments: readonly { readonly handle: string; readonly name: string }[] = [
  { handle: 'clothing', name: 'Clothing' },
  { handle: 'home', name: 'Home' },
  { handle: 'outdoor', name: 'Outdoor' },
]

/** Twelve categories in three departments; what a product of each may be called, made of, and cost in euros. */
export const assortment: readonly CategoryPlan[] = [...clothing, ...home, ...outdoor]
