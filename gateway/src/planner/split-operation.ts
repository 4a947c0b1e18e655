import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type InlineFragmentNode,
  Kind,
  type OperationDefinitionNode,
  print,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql'
import { responseKey } from '../guards/fields-in-place.ts'
import type { Fragments } from '../guards/fragment-size.ts'
import type { OperationParts } from './normalise-operation.ts'

/**
 * The documents to plan for a normalised operation, to be run one after another: one for a query, one for each
 * response key of a mutation, because the planner would run later root fields beside what follows from earlier ones.
 * Directives on the operation are for the gateway alone and are left out.
 */
export function splitOperation({ operation, fragments }: OperationParts): readonly string[] {
  const root = keepFields(
    inlineRoot(operation.selectionSet, fragments),
    (field) => field.name.value !== '__typename',
  )
  if (root.length === 0) return []
  if (operation.operation !== 'mutation') return [documentText(operation, root, fragments)]
  return responseKeys(root).map((key) => documentText(operation, onlyKey(root, key), fragments))
}

/** Root fields with named fragments written out, so that fields can be told apart one by one. */
function inlineRoot(set: SelectionSetNode, fragments: Fragments): readonly SelectionNode[] {
  return set.selections.map((selection) => {
    if (selection.kind === Kind.FIELD) return selection
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return within(selection, inlineRoot(selection.selectionSet, fragments))
    const fragment = fragments.get(selection.name.value)
    const inner = fragment ? inlineRoot(fragment.selectionSet, fragments) : []
    return {
      kind: Kind.INLINE_FRAGMENT,
      ...(fragment && { typeCondition: fragment.typeCondition }),
      directives: selection.directives ?? [],
      selectionSet: { kind: Kind.SELECTION_SET, selections: inner },
    }
  })
}

function onlyKey(selections: readonly SelectionNode[], key: string): readonly SelectionNode[] {
  return keepFields(selections, (field) => responseKey(field) === key)
}

function keepFields(
  selections: readonly SelectionNode[],
  keep: (field: FieldNode) => boolean,
): readonly SelectionNode[] {
  return selections.flatMap((selection): readonly SelectionNode[] => {
    if (selection.kind === Kind.FIELD) return keep(selection) ? [selection] : []
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [selection]
    const inner = keepFields(selection.selectionSet.selections, keep)
    return inner.length > 0 ? [within(selection, inner)] : []
  })
}

function responseKeys(selections: readonly SelectionNode[]): readonly string[] {
  const keys = new Set<string>()
  const visitAll = (nodes: readonly SelectionNode[]): void => {
    for (const node of nodes) {
      if (node.kind === Kind.FIELD) keys.add(responseKey(node))
      else if (node.kind === Kind.INLINE_FRAGMENT) visitAll(node.selectionSet.selections)
    }
  }
  visitAll(selections)
  return [...keys]
}

function within(fragment: InlineFragmentNode, selections: readonly SelectionNode[]): InlineFragmentNode {
  return { ...fragment, selectionSet: { kind: Kind.SELECTION_SET, selections } }
}

function documentText(
  operation: OperationDefinitionNode,
  selections: readonly SelectionNode[],
  fragments: Fragments,
): string {
  const root: OperationDefinitionNode = {
    ...operation,
    directives: [],
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  }
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [root, ...usedFragments(root, fragments)],
  }
  return print(document)
}

function usedFragments(
  from: OperationDefinitionNode,
  fragments: Fragments,
): readonly FragmentDefinitionNode[] {
  const used = new Map<string, FragmentDefinitionNode>()
  const waiting: (OperationDefinitionNode | FragmentDefinitionNode)[] = [from]
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    visit(node, {
      FragmentSpread: (spread) => {
        const fragment = fragments.get(spread.name.value)
        if (!fragment || used.has(fragment.name.value)) return
        used.set(fragment.name.value, fragment)
        waiting.push(fragment)
      },
    })
  }
  return [...used.values()]
}
