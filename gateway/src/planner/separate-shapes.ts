import {
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql'
import { responseKey } from '../guards/fields-in-place.ts'
import { type Fragments, fragmentsOf } from '../guards/fragment-size.ts'
import type { EntityFetchNode, PlanNode, Rewrite, RewriteSegment, RootFetchNode } from './plan.ts'
import { namedIn, type SubgraphTypes, shapeOf } from './subgraph-types.ts'

/**
 * Gives fields keys of their own that a subgraph would not let share one: what is required of several types may be of
 * one name and of other types, and the planner asks for it as if it were the same.
 */
export function separateShapes(node: PlanNode, types: SubgraphTypes, rootType: string): PlanNode {
  switch (node.kind) {
    case 'sequence':
    case 'parallel':
      return { ...node, nodes: node.nodes.map((step) => separateShapes(step, types, rootType)) }
    case 'root':
      return separateRoot(node, types, rootType)
    case 'entities':
      return separateEntities(node, types)
    default:
      return node
  }
}

function separateRoot(node: RootFetchNode, types: SubgraphTypes, rootType: string): RootFetchNode {
  const found = separate(node, types, ({ selectionSet }) => [{ set: selectionSet, type: rootType, path: [] }])
  if (!found) return node
  return { ...node, operation: found.operation, outputRewrites: [...found.rewrites, ...node.outputRewrites] }
}

function separateEntities(node: EntityFetchNode, types: SubgraphTypes): EntityFetchNode {
  let { operation } = node
  const batches = node.batches.map((batch) => {
    const found = separate({ ...node, operation }, types, ({ selectionSet }) =>
      selectionSet.selections.flatMap((field) =>
        field.kind === Kind.FIELD && responseKey(field) === batch.key && field.selectionSet
          ? [{ set: field.selectionSet, type: '', path: [] }]
          : [],
      ),
    )
    if (!found) return batch
    operation = found.operation
    return { ...batch, outputRewrites: [...found.rewrites, ...batch.outputRewrites] }
  })
  return operation === node.operation ? node : { ...node, operation, batches }
}

/** One selection set, the type that it is on, and how to get there from what a rewrite begins with. */
interface Place {
  readonly set: SelectionSetNode
  readonly type: string
  readonly path: readonly RewriteSegment[]
}

interface Separated {
  readonly operation: string
  readonly rewrites: readonly Rewrite[]
}

type Fetch = Pick<RootFetchNode, 'operation' | 'subgraph'>

function separate(
  { operation: text, subgraph }: Fetch,
  types: SubgraphTypes,
  placesIn: (operation: OperationDefinitionNode) => readonly Place[],
): Separated | undefined {
  // With one type alone there is nothing to be mixed up.
  if (text.split(/\.\.\. ?on /).length < 3) return undefined
  const document = written(parse(text, { noLocation: true }))
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)
  const finding: Finding = { subgraph, types, aliases: new Map(), rewrites: [] }
  if (operation) find(finding, placesIn(operation))
  if (finding.aliases.size === 0) return undefined
  const changed = visit(document, {
    Field(node) {
      const alias = finding.aliases.get(node)
      return alias === undefined ? undefined : { ...node, alias: { kind: Kind.NAME, value: alias } }
    },
  })
  return { operation: print(changed), rewrites: finding.rewrites }
}

interface Finding {
  readonly subgraph: string
  readonly types: SubgraphTypes
  readonly aliases: Map<FieldNode, string>
  readonly rewrites: Rewrite[]
}

interface PlacedField extends Omit<Place, 'set'> {
  readonly node: FieldNode
}

function find(finding: Finding, places: readonly Place[]): void {
  for (const [key, fields] of Map.groupBy(places.flatMap(fieldsOf), ({ node }) => responseKey(node))) {
    const shapes: string[] = []
    const below = fields.flatMap((field) => giveKey(finding, field, { key, shapes }))
    if (below.length > 0) find(finding, below)
  }
}

/** The first shape keeps the key. Answers with the place below the field, if there is one. */
function giveKey(
  { subgraph, types, aliases, rewrites }: Finding,
  { node, type, path }: PlacedField,
  { key, shapes }: { readonly key: string; readonly shapes: string[] },
): readonly Place[] {
  const declared = types.typeIn(subgraph, type, node.name.value)
  if (!declared) return []
  const shape = shapeOf(declared, types)
  if (!shapes.includes(shape)) shapes.push(shape)
  const at = shapes.indexOf(shape)
  const here = [...path, { kind: 'types', names: [type] } as const]
  if (at > 0) {
    const own = `_internal_qp_alias_shape_${at}_${key}`
    aliases.set(node, own)
    rewrites.push({ kind: 'rename', path: [...here, { kind: 'key', name: own }], to: key })
  }
  if (!node.selectionSet) return []
  return [{ set: node.selectionSet, type: namedIn(declared), path: [...here, { kind: 'key', name: key }] }]
}

function fieldsOf({ set, type, path }: Place): readonly PlacedField[] {
  return set.selections.flatMap((node): readonly PlacedField[] => {
    if (node.kind === Kind.FIELD) return [{ node, type, path }]
    if (node.kind === Kind.FRAGMENT_SPREAD) return []
    return fieldsOf({ set: node.selectionSet, type: node.typeCondition?.name.value ?? type, path })
  })
}

/** Fragments written out, each time as nodes of their own. */
function written(document: DocumentNode): DocumentNode {
  const fragments = fragmentsOf(document)
  const definitions = document.definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION
      ? [{ ...node, selectionSet: writtenSet(node.selectionSet, fragments) }]
      : [],
  )
  return { ...document, definitions }
}

function writtenSet(set: SelectionSetNode, fragments: Fragments): SelectionSetNode {
  return { ...set, selections: set.selections.map((node) => writtenNode(node, fragments)) }
}

function writtenNode(node: SelectionNode, fragments: Fragments): SelectionNode {
  if (node.kind !== Kind.FRAGMENT_SPREAD)
    return node.selectionSet
      ? { ...node, selectionSet: writtenSet(node.selectionSet, fragments) }
      : { ...node }
  const fragment = fragments.get(node.name.value)
  return {
    kind: Kind.INLINE_FRAGMENT,
    ...(fragment && { typeCondition: fragment.typeCondition }),
    selectionSet: fragment
      ? writtenSet(fragment.selectionSet, fragments)
      : { kind: Kind.SELECTION_SET, selections: [] },
  }
}
