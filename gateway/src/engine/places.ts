import type { SelectionSetNode } from 'graphql'
import { fieldsInPlace, responseKey } from '../guards/fields-in-place.ts'
import type { Fragments } from '../guards/fragment-size.ts'
import type { GraphError } from '../refusal.ts'
import type { DataPath } from './data.ts'
import type { PlannedOperation } from './engine.ts'
import type { PlacedError } from './error-book.ts'

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

export function createPlaces(
  placed: readonly PlacedError[],
  sets: readonly SelectionSetNode[],
  asked: Asked,
): Places {
  const visible = placed.map(({ error, path }) => ({ ...error, path: visiblePart(path, sets, asked) }))
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

type Asked = Pick<PlannedOperation, 'fragments' | 'shownKeys'>

function visiblePart(
  path: DataPath,
  sets: readonly SelectionSetNode[],
  { fragments, shownKeys }: Asked,
): DataPath {
  let here = sets
  const part: (string | number)[] = []
  for (const key of path) {
    if (typeof key === 'string') {
      const below = fieldsUnder(key, here, fragments)
      if (!below) return part
      here = below
    }
    part.push(typeof key === 'string' ? (shownKeys.get(key) ?? key) : key)
  }
  return part
}

/** The selection sets below a response key, whichever type its object has; undefined when nobody asked for it. */
function fieldsUnder(
  key: string,
  sets: readonly SelectionSetNode[],
  fragments: Fragments,
): readonly SelectionSetNode[] | undefined {
  const fields = fieldsInPlace(sets, fragments).filter((field) => responseKey(field) === key)
  return fields.length === 0 ? undefined : fields.flatMap((field) => field.selectionSet ?? [])
}
