import type { Merged } from '../../merge-parts.ts'
import { type Answer, essence, untruth } from '../compare.ts'

/**
 * What differs between an answer that came in parts and the same as a whole. Where a deferred fragment could not be
 * had, the whole answer has a null in its place or above it, and what is below counts no more.
 */
export function differenceOf(whole: Answer, merged: Merged): string | undefined {
  const parts = copyOf(merged)
  for (const path of merged.failed) {
    const length = nullAbove(whole.data, path)
    if (length === undefined) return `${JSON.stringify(path)} failed, and is no null in the whole answer`
    nullOut(parts, ['data', ...path.slice(0, length)])
  }
  const [expected, got] = [essence(inOrder(whole)), essence(inOrder(parts))]
  return expected === got ? undefined : `expected ${expected}, got ${got}`
}

/**
 * What is not so in an answer of a graph in trouble. An answer in parts asks for less at once, so it may know more
 * than the whole one, and less where a value is told by two subgraphs together.
 */
export function untruthOf(truth: Answer, merged: Merged): string | undefined {
  // Who is down cannot tell of an error either, because of which more would be null.
  if (truth.errors) return undefined
  const parts = copyOf(merged)
  for (const path of merged.failed) nullOut(parts, ['data', ...path])
  const found = untruth(inOrder(parts), inOrder(truth))
  return found === undefined ? undefined : `${found} is not so in ${JSON.stringify(parts)}`
}

function copyOf({ data, errors }: Merged): Answer {
  return { data: structuredClone(data), errors }
}

/** How many steps of a path lead to a null. */
function nullAbove(data: unknown, path: readonly (string | number)[]): number | undefined {
  let here = data
  for (let length = 0; ; length += 1) {
    if (here === null || here === undefined) return length
    const key = path[length]
    if (key === undefined) return undefined
    here = typeof here === 'object' ? Reflect.get(here, key) : undefined
  }
}

function nullOut(data: object, path: readonly (string | number)[]): void {
  let here: unknown = data
  for (const key of path.slice(0, -1)) here = isObject(here) ? Reflect.get(here, key) : undefined
  const last = path.at(-1)
  if (isObject(here) && last !== undefined) Reflect.set(here, last, null)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** Parts come in an order of their own, so keys count as a set. */
function inOrder<T>(value: T): T {
  if (Array.isArray(value)) return value.map(inOrder) as T
  if (!isObject(value)) return value
  const entries: readonly (readonly [string, unknown])[] = Object.entries(value)
  const sorted = entries.toSorted(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(sorted.map(([key, inner]) => [key, inOrder(inner)])) as T
}
