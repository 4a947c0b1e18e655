import { isDeepStrictEqual } from 'node:util'

/** One place where two answers are not the same. */
export interface Difference {
  /** `data.product.variants.0.price` */
  readonly path: string
  readonly a: unknown
  readonly b: unknown
}

/** Where `b` says something else than `a`, at most `most` places. The order of an object's fields does not matter. */
export function differences(a: unknown, b: unknown, most: number): readonly Difference[] {
  const found: Difference[] = []
  compare({ a, b, path: '' })
  return found

  function compare(at: Difference): void {
    if (found.length >= most || isDeepStrictEqual(at.a, at.b)) return
    const keys = sharedKeys(at.a, at.b)
    if (!keys) {
      found.push(at)
      return
    }
    for (const key of keys) {
      const path = at.path === '' ? key : `${at.path}.${key}`
      compare({ a: part(at.a, key), b: part(at.b, key), path })
    }
  }
}

/** What both may have, when both are objects or both are lists. */
function sharedKeys(a: unknown, b: unknown): readonly string[] | undefined {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return undefined
  if (Array.isArray(a) !== Array.isArray(b)) return undefined
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
}

function part(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.getOwnPropertyDescriptor(value, key)?.value
}
