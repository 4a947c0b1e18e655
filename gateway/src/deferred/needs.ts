import { type FieldNode, Kind, type SelectionSetNode } from 'graphql'
import { responseKey } from '../guards/fields-in-place.ts'
import { namedType } from '../planner/named-type.ts'
import type { PathSegment, Requirement } from '../planner/plan.ts'
import type { PossibleTypes } from '../planner/possible-types.ts'
import type { OperationInParts } from './read-parts.ts'

/** Which parts need what of the fetched data, in one place of it and below; lists do not count as places. */
export interface Need {
  readonly uses: Use[]
  readonly below: Map<string, Need>
}

interface Use {
  /** Of the objects that have the field. Empty: of any. */
  readonly types: readonly string[]
  readonly mask: bigint
  /** Otherwise it is needed that there is an object; its fields stand below. */
  readonly isLeaf: boolean
}

/** What the client asks for. */
export function needsOf(
  { operation, partOf }: OperationInParts,
  rootType: string,
  types: PossibleTypes,
): Need {
  const root = emptyNeed()
  const addSet = (need: Need, set: SelectionSetNode, scope: Scope): void => {
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) addField(need, node, scope)
      else if (node.kind === Kind.INLINE_FRAGMENT)
        addSet(need, node.selectionSet, narrowed(scope, node.typeCondition?.name.value, types))
    }
  }
  const addField = (need: Need, node: FieldNode, scope: Scope): void => {
    // The type of an object is asked for where it is not known, and only there.
    if (node.name.value.startsWith('__')) return
    const mask = partOf(node).bit
    const below = belowOf(need, responseKey(node))
    const isLeaf = !node.selectionSet
    below.uses.push({ types: scope.types, mask, isLeaf })
    const type = namedType(types.fieldType(scope.name, node.name.value))
    if (!node.selectionSet || type === undefined) return
    const inner = scopeOf(type, types)
    if (!types.isObjectType(type))
      belowOf(below, '__typename').uses.push({ types: inner.types, mask, isLeaf: true })
    addSet(below, node.selectionSet, inner)
  }
  addSet(root, operation.selectionSet, scopeOf(rootType, types))
  return root
}

/** What a sub-request needs of the entities it is for. */
export function addRequirements(
  root: Need,
  path: readonly PathSegment[],
  { requires, mask, types }: Required,
): void {
  let need = root
  for (const segment of path) if (segment.kind === 'field') need = belowOf(need, segment.name)
  require(need, requires, { mask, types, of: [] })
}

/** Undefined where nobody needs anything. */
export function needAt(root: Need, path: readonly PathSegment[]): Need | undefined {
  let need: Need | undefined = root
  for (const segment of path) if (segment.kind === 'field') need = need?.below.get(segment.name)
  return need
}

interface Required {
  readonly requires: readonly Requirement[]
  readonly mask: bigint
  readonly types: PossibleTypes
}

function require(
  need: Need,
  requires: readonly Requirement[],
  asking: Omit<Required, 'requires'> & { readonly of: readonly string[] },
): void {
  for (const requirement of requires) {
    if (requirement.kind === 'on') {
      require(need, requirement.inner, { ...asking, of: asking.types.objectTypes(requirement.type) })
      continue
    }
    const below = belowOf(need, requirement.from)
    if (requirement.inner) require(below, requirement.inner, { ...asking, of: [] })
    else below.uses.push({ types: asking.of, mask: asking.mask, isLeaf: true })
  }
}

/** The parts that need a field which a sub-request asks for, under its key in the data; 0 when none does. */
export function maskOf(need: Need | undefined, isLeaf: boolean, types: readonly string[]): bigint {
  if (!need) return 0n
  let mask = 0n
  for (const use of need.uses) if (use.isLeaf === isLeaf && intersect(use.types, types)) mask |= use.mask
  // Whoever asks for what is in an object gets the object, too.
  return isLeaf ? mask : mask & ~leavesBelow(need)
}

function leavesBelow(need: Need): bigint {
  let mask = 0n
  for (const below of need.below.values()) {
    for (const use of below.uses) if (use.isLeaf) mask |= use.mask
    mask |= leavesBelow(below)
  }
  return mask
}

function intersect(some: readonly string[], others: readonly string[]): boolean {
  return some.length === 0 || others.length === 0 || some.some((name) => others.includes(name))
}

/** What is known of the type of objects in one place. */
export interface Scope {
  readonly name: string
  /** Object types. Empty when nothing is known. */
  readonly types: readonly string[]
}

export function scopeOf(name: string, types: PossibleTypes): Scope {
  return { name, types: types.objectTypes(name) }
}

export function narrowed(scope: Scope, condition: string | undefined, types: PossibleTypes): Scope {
  if (condition === undefined || condition === scope.name) return scope
  const inner = types.objectTypes(condition)
  if (scope.types.length === 0) return { name: condition, types: inner }
  return { name: condition, types: inner.filter((name) => scope.types.includes(name)) }
}

function emptyNeed(): Need {
  return { uses: [], below: new Map() }
}

function belowOf(need: Need, key: string): Need {
  const known = need.below.get(key)
  if (known) return known
  const below = emptyNeed()
  need.below.set(key, below)
  return below
}
