import { type FieldNode, Kind, type SelectionSetNode } from 'graphql'
import { namedType } from '../planner/named-type.ts'
import type { Ownership } from '../planner/ownership.ts'
import type { PossibleTypes } from '../planner/possible-types.ts'
import { narrowed, type Scope, scopeOf } from './needs.ts'

/** What one subgraph can be asked for again. */
interface Asking {
  readonly ownership: Ownership
  readonly types: PossibleTypes
  readonly node: { readonly subgraph: string }
}

/** By which the subgraph finds objects again: keys that each of them has, for no part of them may be null. */
export function sureKeys({ ownership, node, types }: Asking, scope: Scope): readonly SelectionSetNode[] {
  return ownership.keysIn(scope.name, node.subgraph).filter((key) => isSure(types, scope.name, key))
}

function isSure(types: PossibleTypes, typename: string, set: SelectionSetNode): boolean {
  return set.selections.every((node) => {
    if (node.kind !== Kind.FIELD) return false
    if (node.name.value === '__typename') return true
    const type = types.fieldType(typename, node.name.value)
    if (type?.kind !== Kind.NON_NULL_TYPE) return false
    return !node.selectionSet || isSure(types, namedType(type) ?? '', node.selectionSet)
  })
}

/** Whether a field, with all that is asked for below it, is the same wherever its object was found. */
export function isMovable(asking: Asking, scope: Scope, field: FieldNode): boolean {
  const { name, selectionSet } = field
  if (name.value === '__typename') return true
  const told = tellsAll(asking, scope, name.value)
  if (told === undefined) return false
  if (told === 'path' || !selectionSet) return true
  const type = namedType(asking.types.fieldType(scope.name, name.value))
  return type !== undefined && areMovable(asking, scopeOf(type, asking.types), selectionSet)
}

function areMovable(asking: Asking, scope: Scope, set: SelectionSetNode): boolean {
  return set.selections.every((node) => {
    if (node.kind === Kind.FIELD) return isMovable(asking, scope, node)
    if (node.kind === Kind.FRAGMENT_SPREAD) return false
    return areMovable(
      asking,
      narrowed(scope, node.typeCondition?.name.value, asking.types),
      node.selectionSet,
    )
  })
}

/** What entities go by costs nothing, and is often all that a later sub-request needs. */
export function isKeyField({ ownership }: Asking, { name, types }: Scope, field: string): boolean {
  return [name, ...types].some((one) => ownership.isKey(one, field))
}

/** Every object that stands here must have the field from this subgraph. */
export function tellsAll(
  { ownership, node }: Asking,
  { name, types }: Scope,
  field: string,
): 'anywhere' | 'path' | undefined {
  const known = [name, ...types].filter((one) => ownership.knows(one, node.subgraph))
  const told = known.map((one) => ownership.tells(one, field, node.subgraph))
  if (told.length === 0 || told.includes(undefined)) return undefined
  return told.includes('path') ? 'path' : 'anywhere'
}
