import type { Merged } from '../../merge-parts.ts'
import { type Answer, essence, untruth } from '../compare.ts'

type Path = readonly (string | number)[]

/**
 * What differs between an answer that came in parts and the same as a whole. Of a deferred fragment that could not be
 * had nothing came; the whole answer has a null at its errors or above them.
 */
export function differenceOf(whole: Answer, merged: Merged): string | undefined {
  const parts = copyOf(merged)
  for (const { errors } of merged.failed)
    for (const { path = [] } of errors) {
      const length = nullAbove(whole.data, path)
      if (length === undefined) return `${JSON.stringify(path)} failed, and is no null in the whole answer`
      nullOut(parts, ['data', ...path.slice(0, length)])
    }
  if (merged.failed.length > 0) fill(parts, whole, merged)
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
  fill(parts, truth, merged)
  const found = untruth(inOrder(parts), inOrder(truth))
  return found === undefined ? undefined : `${found} is not so in ${JSON.stringify(parts)}`
}

function copyOf({ data, errors }: Merged): Answer {
  return { data: structuredClone(data), errors }
}

/** What of the whole answer is not in the other, as it stood in fragments that could not be had. */
function fill(parts: Answer, whole: Answer, { failed }: Merged): void {
  for (const { path } of failed) addMissing(at(parts.data, path), at(whole.data, path))
}

function addMissing(mine: unknown, theirs: unknown): void {
  if (!isObject(mine) || !isObject(theirs)) return
  for (const [key, value] of Object.entries(theirs)) {
    if (!Object.hasOwn(mine, key)) Reflect.set(mine, key, value)
    else addMissing(Reflect.get(mine, key), value)
  }
}

/** How many steps of a path lead to a null. */
function nullAbove(data: unknown, path: Path): number | undefined {
  let here = data
  for (let length = 0; ; length += 1) {
    if (here === null || here === undefined) return length
    const key = path[length]
    if (key === undefined) return undefined
    here = typeof here === 'object' ? Reflect.get(here, key) : undefined
  }
}

function nullOut(data: object, path: Path): void {
  const here = at(data, path.slice(0, -1))
  const last = path.at(-1)
  if (isObject(here) && last !== undefined && Object.hasOwn(here, last)) Reflect.set(here, last, null)
}

function at(data: unknown, path: Path): unknown {
  let here = data
  for (const key of path) here = isObject(here) ? Reflect.get(here, key) : undefined
  return here
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** Parts come in an order of their own, so keys count as a set. The form stays the same. */
function inOrder<T>(value: T): T {
  if (Array.isArray(value)) return value.map(inOrder) as T
  if (!isObject(value)) return value
  const entries: readonly (readonly [string, unknown])[] = Object.entries(value)
  const sorted = entries.toSorted(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(sorted.map(([key, inner]) => [key, inOrder(inner)])) as T
}
