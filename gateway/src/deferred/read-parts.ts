import {
  type DirectiveNode,
  type FieldNode,
  type InlineFragmentNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { responseKey } from '../guards/fields-in-place.ts'
import { isIncluded } from '../guards/is-included.ts'
import type { OperationParts } from '../planner/normalise-operation.ts'

/** What comes together in an answer: the first part, or what one `@defer` in one place puts off. */
export interface Part {
  /** Of its own, in masks that stand for several parts. The first part's is 1. */
  readonly bit: bigint
  /** Within which it stands; undefined for the first. */
  readonly parent: Part | undefined
  readonly label: string | undefined
  /** Response keys that lead to the objects it stands on. */
  readonly path: readonly string[]
}

/** An operation with its conditions decided and its fragments written out, and what of it comes when. */
export interface OperationInParts {
  readonly operation: OperationDefinitionNode
  /** The first part first, each after the one it stands in. */
  readonly parts: readonly [Part, ...Part[]]
  partOf(field: FieldNode): Part
}

/**
 * Fragments are written out, so that each field stands in one place of the answer and in one part; how large that can
 * become is limited before. `@defer(if: false)` is a fragment like others.
 */
export function readParts(
  { operation, fragments }: OperationParts,
  variables: Readonly<Record<string, unknown>>,
): OperationInParts {
  const first: Part = { bit: 1n, parent: undefined, label: undefined, path: [] }
  const parts: [Part, ...Part[]] = [first]
  const partOf = new Map<FieldNode, Part>()

  function writeOut(set: SelectionSetNode, part: Part, path: readonly string[]): SelectionSetNode {
    const selections = set.selections.flatMap((node): SelectionNode[] => {
      if (!isIncluded(node.directives, variables)) return []
      return node.kind === Kind.FIELD ? [writeField(node, part, path)] : writeFragment(node, part, path)
    })
    return { kind: Kind.SELECTION_SET, selections }
  }

  function writeField(node: FieldNode, part: Part, path: readonly string[]): FieldNode {
    const { selectionSet, directives: _, ...rest } = node
    const below = selectionSet && writeOut(selectionSet, part, [...path, responseKey(node)])
    const field = { ...rest, ...(below && { selectionSet: below }) }
    partOf.set(field, part)
    return field
  }

  function writeFragment(
    node: Exclude<SelectionNode, FieldNode>,
    part: Part,
    path: readonly string[],
  ): InlineFragmentNode[] {
    const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value)
    if (!fragment) return []
    const defer = node.directives?.find((directive) => isActive(directive, variables))
    const inner =
      defer && parts.length < MOST_PARTS
        ? addPart(parts, { parent: part, label: labelOf(defer), path })
        : part
    const { typeCondition } = fragment
    const selectionSet = writeOut(fragment.selectionSet, inner, path)
    return [{ kind: Kind.INLINE_FRAGMENT, ...(typeCondition && { typeCondition }), selectionSet }]
  }

  const selectionSet = writeOut(operation.selectionSet, first, [])
  return {
    operation: { ...operation, directives: [], selectionSet },
    parts,
    partOf: (field) => partOf.get(field) ?? first,
  }
}

/** Any further `@defer`, fragments written out, puts nothing off: each part may cost sub-requests of its own. */
const MOST_PARTS = 64

function addPart(parts: Part[], part: Omit<Part, 'bit'>): Part {
  const added = { bit: 1n << BigInt(parts.length), ...part }
  parts.push(added)
  return added
}

function isActive(directive: DirectiveNode, variables: Readonly<Record<string, unknown>>): boolean {
  if (directive.name.value !== 'defer') return false
  const value = directive.arguments?.find(({ name }) => name.value === 'if')?.value
  if (value?.kind === Kind.VARIABLE) return isSwitchedOn(variables[value.name.value])
  return value === undefined || (value.kind === Kind.BOOLEAN && value.value)
}

/** What a variable says about deferring: yes when it is not given, and no when null is. */
export function isSwitchedOn(value: unknown): boolean {
  return value === undefined || value === true
}

function labelOf(directive: DirectiveNode): string | undefined {
  const value = directive.arguments?.find(({ name }) => name.value === 'label')?.value
  return value?.kind === Kind.STRING ? value.value : undefined
}

/**
 * A mask without the parts that are within others of it: whatever is wanted by both comes with the outer one, which is
 * always there before.
 */
export function reduceMask(parts: readonly Part[], mask: bigint): bigint {
  if ((mask & 1n) === 1n) return 1n
  if ((mask & (mask - 1n)) === 0n) return mask
  let reduced = mask
  for (const part of parts) if ((mask & part.bit) !== 0n && isWithin(part, mask)) reduced &= ~part.bit
  return reduced
}

function isWithin({ parent }: Part, mask: bigint): boolean {
  for (let outer = parent; outer; outer = outer.parent) if ((mask & outer.bit) !== 0n) return true
  return false
}
