import { Kind, parse, type SelectionSetNode } from 'graphql'

/** A `@key`'s or a `@requires`' text as selections. */
export function readSelections(text: string): SelectionSetNode {
  const [operation] = parse(`{${text}}`, { noLocation: true }).definitions
  return operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet : NOTHING
}

const NOTHING: SelectionSetNode = { kind: Kind.SELECTION_SET, selections: [] }
