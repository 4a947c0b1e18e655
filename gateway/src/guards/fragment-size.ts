import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql'

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>

export function fragmentsOf(document: DocumentNode): Fragments {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node)
  return fragments
}

/** Selections once every fragment is written out where it is spread, or `circular`. */
export type ExpandedSize = number | 'circular'

/**
 * How large a document becomes when its fragments are expanded, without expanding them: each fragment is measured
 * once and remembered, so twenty fragments that double one another cost twenty steps and not a million.
 */
export function expandedSize(document: DocumentNode, fragments: Fragments): ExpandedSize {
  const known = new Map<string, number>()
  const open = new Set<string>()
  let circular = false

  function sizeOfFragment(name: string): number {
    const size = known.get(name)
    if (size !== undefined) return size
    const fragment = fragments.get(name)
    if (!fragment) return 0
    if (open.has(name)) {
      circular = true
      return 0
    }
    open.add(name)
    const measured = sizeOf(fragment.selectionSet)
    open.delete(name)
    known.set(name, measured)
    return measured
  }

  function sizeOf(set: SelectionSetNode): number {
    let size = 0
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) size += 1 + sizeOfFragment(selection.name.value)
      else size += 1 + (selection.selectionSet ? sizeOf(selection.selectionSet) : 0)
    }
    return size
  }

  let total = 0
  for (const node of document.definitions)
    if (node.kind === Kind.OPERATION_DEFINITION) total += sizeOf(node.selectionSet)
  // A fragment that no operation uses may still be circular; validation says so, but must not be walked into.
  for (const name of fragments.keys()) sizeOfFragment(name)
  return circular ? 'circular' : total
}
