import { Kind, type SelectionSetNode } from 'graphql'
import type { EntityBatch, Requirement } from '../planner/plan.ts'
import type { Piece } from './cut-fetch.ts'
import type { Cut, Job } from './cut-place.ts'
import { writeEntityFetch } from './fetch-document.ts'

/** A sub-request for fields of entities that the same subgraph has told of before. */
export function entityPiece({ node, document }: Cut, { place, key, set, mask }: Job): Piece {
  const { name } = place.scope
  const { operation, uses, representationsVariable } = writeEntityFetch(document, name, set)
  const batch: EntityBatch = {
    key: '_entities',
    representationsVariable,
    paths: place.paths,
    requires: [
      { kind: 'on', type: name, inner: requirementsOf(key), skipIf: undefined, includeIf: undefined },
    ],
    inputRewrites: [],
    outputRewrites: [],
  }
  return {
    node: {
      kind: 'entities',
      subgraph: node.subgraph,
      operation,
      operationName: undefined,
      variables: node.variables.filter((variable) => uses.has(variable)),
      batches: [batch],
    },
    mask,
    asked: [{ paths: place.paths, set }],
  }
}

function requirementsOf(set: SelectionSetNode): readonly Requirement[] {
  return set.selections.flatMap((node): Requirement[] => {
    if (node.kind !== Kind.FIELD) return []
    const { value: name } = node.name
    return [
      { kind: 'field', name, from: name, inner: node.selectionSet && requirementsOf(node.selectionSet) },
    ]
  })
}
