import type { SelectionSetNode } from 'graphql'
import { fieldsInPlace, responseKey } from '../guards/fields-in-place.ts'
import type { GraphError } from '../refusal.ts'
import { type CollectParts, collectFields } from './collect-fields.ts'
import { type DataObject, type DataPath, isObject } from './data.ts'
import type { MentionedError, PlacedError } from './error-book.ts'

/** A path that grows without copying. */
export interface Path {
  readonly before: Path | undefined
  readonly key: string | number
}

export function keysOf(path: Path): DataPath {
  const keys: (string | number)[] = []
  for (let at: Path | undefined = path; at; at = at.before) keys.push(at.key)
  return keys.reverse()
}

/** Errors that subgraphs put somewhere in the answer. */
export interface Places {
  /** Under paths of the client: an error in a field only the planner asked for shows where its object is. */
  readonly visible: readonly GraphError[]
  /** Whether an error at this path, below it, or above it, says already why there is nothing here. */
  explains(path: Path): boolean
}

export function createPlaces(placed: readonly PlacedError[], asked: AskedAndFetched): Places {
  const visible = placed.flatMap(({ error, path }) => {
    const part = visiblePart(path, asked)
    return part ? { ...error, path: part } : []
  })
  const exact = new Set<string>()
  const above = new Set<string>()
  for (const { path } of visible) {
    exact.add(JSON.stringify(path))
    for (let length = path.length; length > 0; length -= 1) above.add(JSON.stringify(path.slice(0, length)))
  }
  return {
    visible,
    explains(path) {
      if (visible.length === 0) return false
      const keys = keysOf(path)
      return (
        above.has(JSON.stringify(keys)) ||
        keys.some((_, i) => exact.has(JSON.stringify(keys.slice(0, i + 1))))
      )
    },
  }
}

/** What the client asks for, and the data as it was fetched. */
export interface AskedAndFetched {
  readonly collect: CollectParts
  readonly root: SelectionSetNode
  readonly data: DataObject
}

/**
 * An error's path as the client knows it. Undefined for one of a field that was fetched for objects of other types alone.
 */
export function visiblePart(path: DataPath, { collect, root, data }: AskedAndFetched): DataPath | undefined {
  const part: (string | number)[] = []
  let sets: readonly SelectionSetNode[] = [root]
  let value: unknown = data
  for (const key of path) {
    if (typeof key === 'string') {
      const fields = fieldsInPlace(sets, collect.fragments).filter((field) => responseKey(field) === key)
      if (fields.length === 0) return part
      if (!isAskedOf(value, key, sets, collect)) return undefined
      sets = fields.flatMap((field) => field.selectionSet ?? [])
    }
    part.push(collect.shownKeys?.get(String(key)) ?? key)
    value = valueAt(value, key)
  }
  return part
}

/** Errors that nothing has shown, each at the first of its places that the client knows. */
export function placeMentioned(
  mentioned: readonly MentionedError[],
  asked: AskedAndFetched,
): readonly GraphError[] {
  return mentioned.map(({ error, paths }) => {
    const parts = paths.map((path) => visiblePart(path, asked) ?? [])
    const path = parts.find((part, i) => part.length === paths[i]?.length) ?? parts[0]
    return path && path.length > 0 ? { ...error, path } : error
  })
}

function valueAt(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

/** Objects that do not say what they are are taken for what they are asked as. */
function isAskedOf(
  value: unknown,
  key: string,
  sets: readonly SelectionSetNode[],
  collect: CollectParts,
): boolean {
  const typename = isObject(value) ? value['__typename'] : undefined
  if (typeof typename !== 'string' || !collect.types.isObjectType(typename)) return true
  return collectFields(collect, sets, typename).some((group) => group.key === key)
}
