import { type FieldNode, Kind, type SelectionSetNode } from 'graphql'
import type { Fragments } from './fragment-size.ts'

/**
 * Every field these selection sets ask for in one place of the answer, through fragments, whatever their type
 * conditions. The fragments must not be circular. In no particular order.
 */
export function fieldsInPlace(sets: readonly SelectionSetNode[], fragments: Fragments): readonly FieldNode[] {
  const fields: FieldNode[] = []
  const waiting = sets.flatMap((set) => set.selections)
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (node.kind === Kind.FIELD) {
      fields.push(node)
      continue
    }
    const inner = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value)
    for (const selection of inner?.selectionSet.selections ?? []) waiting.push(selection)
  }
  return fields
}

/** The key a field's value has in the answer. */
export function responseKey(field: FieldNode): string {
  return (field.alias ?? field.name).value
}
