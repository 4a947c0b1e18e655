import type { Requirement } from '../planner/plan.ts'
import type { PossibleTypes } from '../planner/possible-types.ts'
import { type DataObject, emptyObject, isObject } from './data.ts'

/** What a subgraph needs to know of an entity to find it, or which field of which object is not there. */
export type Representation =
  | { readonly kind: 'built'; readonly value: DataObject }
  | { readonly kind: 'lacks'; readonly object: DataObject; readonly key: string }
  | { readonly kind: 'other-type' }

export interface RepresentationParts {
  readonly types: PossibleTypes
  readonly variables: Readonly<Record<string, unknown>>
}

export function buildRepresentation(
  object: DataObject,
  requires: readonly Requirement[],
  parts: RepresentationParts,
): Representation {
  const filling: Filling = { parts, lacks: undefined }
  const value = fill(filling, object, requires)
  if (filling.lacks) return filling.lacks
  return typeof value['__typename'] === 'string' ? { kind: 'built', value } : { kind: 'other-type' }
}

interface Filling {
  readonly parts: RepresentationParts
  /** The first thing found missing. */
  lacks: Extract<Representation, { kind: 'lacks' }> | undefined
}

function fill(filling: Filling, object: DataObject, requires: readonly Requirement[]): DataObject {
  const value = emptyObject()
  for (const requirement of requires) {
    if (requirement.kind === 'field') value[requirement.name] = take(filling, object, requirement)
    else if (applies(filling.parts, object, requirement))
      join(value, fill(filling, object, requirement.inner))
  }
  return value
}

function applies(
  parts: RepresentationParts,
  object: DataObject,
  { type, skipIf, includeIf }: Extract<Requirement, { kind: 'on' }>,
): boolean {
  if (skipIf !== undefined && parts.variables[skipIf] === true) return false
  if (includeIf !== undefined && parts.variables[includeIf] !== true) return false
  const typename = object['__typename']
  return typeof typename !== 'string' || parts.types.satisfies(typename, type)
}

function take(
  filling: Filling,
  object: DataObject,
  { from, inner }: Extract<Requirement, { kind: 'field' }>,
): unknown {
  const found = object[from]
  if (found === undefined) filling.lacks ??= { kind: 'lacks', object, key: from }
  return inner ? takeInner(filling, found, inner) : found
}

function takeInner(filling: Filling, found: unknown, inner: readonly Requirement[]): unknown {
  if (Array.isArray(found)) return found.map((item) => takeInner(filling, item, inner))
  return isObject(found) ? fill(filling, found, inner) : found
}

/** Two conditions may ask for parts of the same field. */
function join(value: DataObject, more: DataObject): void {
  for (const key of Object.keys(more)) {
    const [mine, theirs] = [value[key], more[key]]
    if (isObject(mine) && isObject(theirs)) join(mine, theirs)
    else value[key] = theirs
  }
}
