import type { Rewrite, RewriteSegment } from '../planner/plan.ts'
import type { PossibleTypes } from '../planner/possible-types.ts'
import { adopt, type DataObject, type DataPath, isObject } from './data.ts'

/**
 * Changes data in place as the plan wants: `set` gives an entity the type name its subgraph knows it by, `rename`
 * gives a field back the key the client asked for, where two types' fields could not share it in one sub-request.
 */
export function rewrite(data: unknown, change: Rewrite, types: PossibleTypes): void {
  walk(data, change.path, { change, types })
}

/** A subgraph's data under the client's keys; its own objects stay as they are. */
export function rewritten(data: unknown, changes: readonly Rewrite[], types: PossibleTypes): unknown {
  if (changes.length === 0) return data
  const copy = adopt(data)
  for (const change of changes) rewrite(copy, change, types)
  return copy
}

interface Walk {
  readonly change: Rewrite
  readonly types: PossibleTypes
}

function walk(data: unknown, path: readonly RewriteSegment[], context: Walk): void {
  if (Array.isArray(data)) {
    for (const item of data) walk(item, path, context)
    return
  }
  const [segment, ...rest] = path
  if (!isObject(data) || !segment) return
  if (segment.kind === 'types') {
    if (isOneOf(data, segment.names, context.types)) walk(data, rest, context)
  } else if (rest.length > 0) walk(data[segment.name], rest, context)
  else apply(data, segment.name, context.change)
}

function apply(data: DataObject, key: string, change: Rewrite): void {
  if (!(key in data)) return
  if (change.kind === 'set') data[key] = change.value
  else if (key !== change.to) {
    data[change.to] = data[key]
    delete data[key]
  }
}

/** Whether an object is of one of these types; one that does not say what it is, is taken for it. */
export function isOneOf(data: DataObject, names: readonly string[], types: PossibleTypes): boolean {
  const typename = data['__typename']
  return typeof typename !== 'string' || names.some((name) => types.satisfies(typename, name))
}

/** An error's path as the client knows it. */
export function renamedPath(path: DataPath, rewrites: readonly Rewrite[]): DataPath {
  const names = renames(rewrites)
  return names.size === 0
    ? path
    : path.map((key) => (typeof key === 'string' ? (names.get(key) ?? key) : key))
}

/** The planner's own keys are unique in a sub-request, so the last one of each path tells enough. */
export function renames(rewrites: readonly Rewrite[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const change of rewrites) {
    const last = change.path.at(-1)
    if (change.kind === 'rename' && last?.kind === 'key') names.set(last.name, change.to)
  }
  return names
}
