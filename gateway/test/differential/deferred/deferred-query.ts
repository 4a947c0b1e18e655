import type { Random } from '@stoa/platform/random'
import { Kind, parse, print, type SelectionNode, type SelectionSetNode, visit } from 'graphql'
import { chance } from '../model.ts'
import type { RandomQuery } from '../random-query.ts'

/** A query of which some selections, alone or together, may come later: in fragments of their own, and at random. */
export function deferSome(random: Random, query: RandomQuery): RandomQuery {
  const document = parse(query.text)
  const [operation] = document.definitions
  const isMutation = operation?.kind === Kind.OPERATION_DEFINITION && operation.operation === 'mutation'
  const places: unknown[] = []
  const deferred = visit(document, {
    SelectionSet: {
      enter: (_set, _key, parent) => void places.push(parent),
      leave(set, _key, parent) {
        // Not what a mutation does, nor a fragment that may be of its root.
        const isRoot = isMutation && (parent === operation || isOfMutation(parent))
        return isRoot || !chance(random, 0.4) ? undefined : { ...set, selections: split(random, set) }
      },
    },
  })
  return { ...query, text: print(deferred) }
}

function isOfMutation(node: unknown): boolean {
  if (typeof node !== 'object' || node === null || !('typeCondition' in node)) return false
  return JSON.stringify(node.typeCondition ?? 'Mutation').includes('"Mutation"')
}

function split(random: Random, { selections }: SelectionSetNode): readonly SelectionNode[] {
  const kept: SelectionNode[] = []
  const later: SelectionNode[] = []
  const also: SelectionNode[] = []
  for (const selection of selections) {
    const list = chance(random, 0.5) ? later : chance(random, 0.2) ? also : kept
    list.push(selection)
    // The same field in two parts.
    if (chance(random, 0.15)) (list === kept ? later : kept).push(selection)
  }
  return [...kept, ...fragment(random, later), ...fragment(random, also)]
}

function fragment(random: Random, selections: readonly SelectionNode[]): readonly SelectionNode[] {
  if (selections.length === 0) return []
  const condition = chance(random, 0.1) ? '(if: $no)' : ''
  const [shell] = parse(`query($no: Boolean!) { ... @defer${condition} { a } }`).definitions
  const node = shell?.kind === Kind.OPERATION_DEFINITION ? shell.selectionSet.selections[0] : undefined
  if (node?.kind !== Kind.INLINE_FRAGMENT) throw new Error('no fragment')
  return [{ ...node, selectionSet: { kind: Kind.SELECTION_SET, selections } }]
}
