import { type DocumentNode, Kind, type OperationDefinitionNode, parse, type SelectionSetNode } from 'graphql'
import { responseKey } from '../../guards/fields-in-place.ts'
import { fragmentsOf } from '../../guards/fragment-size.ts'
import type { EntityBatch, EntityFetchNode, PlanNode, RootFetchNode } from '../../planner/plan.ts'
import type { PossibleTypes } from '../../planner/possible-types.ts'
import { collectFields } from '../collect-fields.ts'
import { placesAt, representationOf } from './attach.ts'
import { NotCompiled } from './deviation.ts'
import { entityFields, type Place, type ShapeParts, sourceFields } from './place.ts'

/** Everything an operation's sub-requests will bring, before any of them was sent. */
export interface Shape {
  readonly root: Place
  readonly fetches: readonly Fetch[]
}

export interface Fetch {
  readonly node: RootFetchNode | EntityFetchNode
  /** Position among all sub-requests. */
  readonly index: number
  /** Which part of the root it fills; absent for entities. */
  readonly rootPart?: number
  /** In the order of the answer. */
  readonly batches: readonly Batch[]
}

export interface Batch {
  /** Position among all batches. */
  readonly index: number
  readonly batch: EntityBatch
  readonly places: readonly Place[]
}

const MOST_PLACES = 2_000

/** Throws NotCompiled for what the generated code cannot do. */
export function shapeOf(plans: readonly PlanNode[], rootType: string, types: PossibleTypes): Shape {
  const root: Place = { type: rootType, path: [], parts: [] }
  const budget = { left: MOST_PLACES }
  const fetches: Fetch[] = []
  let batches = 0
  for (const { node, before } of fetchesOf(plans)) {
    const document = parse(node.operation, { noLocation: true })
    const collect = { fragments: fragmentsOf(document), types, variables: {} }
    const parts: ShapeParts = { collect, subgraph: node.subgraph, fetch: fetches.length, budget }
    const shaping: Shaping = { root, parts, before, operation: operationOf(document), firstBatch: batches }
    const fetch = node.kind === 'root' ? addRoot(shaping, node) : addEntities(shaping, node)
    batches += fetch.batches.length
    fetches.push(fetch)
  }
  return { root, fetches }
}

interface Shaping {
  readonly root: Place
  readonly parts: ShapeParts
  readonly before: ReadonlySet<number>
  readonly operation: OperationDefinitionNode
  readonly firstBatch: number
}

interface PlannedFetch {
  readonly node: RootFetchNode | EntityFetchNode
  /** Positions of those that have been answered when this one is sent. */
  readonly before: ReadonlySet<number>
}

/** In an order in which each comes after whatever it needs. */
function fetchesOf(plans: readonly PlanNode[]): readonly PlannedFetch[] {
  const fetches: PlannedFetch[] = []

  /** Answers what has been answered when the node is done. */
  function walk(node: PlanNode, before: ReadonlySet<number>): ReadonlySet<number> {
    switch (node.kind) {
      case 'sequence':
        return node.nodes.reduce((done, step) => walk(step, done), before)
      case 'parallel':
        return new Set(node.nodes.flatMap((branch) => [...walk(branch, before)]))
      case 'condition':
        throw new NotCompiled('the plan depends on variables')
      default:
        return new Set([...before, fetches.push({ node, before }) - 1])
    }
  }

  let done: ReadonlySet<number> = new Set()
  for (const plan of plans) done = walk(plan, done)
  return fetches
}

function operationOf(document: DocumentNode): OperationDefinitionNode {
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)
  if (!operation) throw new NotCompiled('a sub-request has no operation')
  return operation
}

function addRoot({ root, parts, operation }: Shaping, node: RootFetchNode): Fetch {
  const at = { type: root.type, path: [], rewrites: node.outputRewrites }
  const groups = collectFields(parts.collect, [operation.selectionSet], root.type)
  const { subgraph, fetch } = parts
  const rootPart = root.parts.push({ subgraph, fetch, fields: sourceFields(parts, groups, at) }) - 1
  return { node, index: fetch, rootPart, batches: [] }
}

function addEntities({ root, parts, before, operation, firstBatch }: Shaping, node: EntityFetchNode): Fetch {
  const batches = operation.selectionSet.selections.map((selection, i): Batch => {
    if (selection.kind !== Kind.FIELD || !selection.selectionSet)
      throw new NotCompiled('a sub-request for entities asks for more than entities')
    const batch = node.batches.find(({ key }) => key === responseKey(selection))
    if (!batch) throw new NotCompiled('a sub-request asks for entities of no batch')
    const index = firstBatch + i
    const found = new Set(batch.paths.flatMap((path) => placesAt(root, path, parts.collect.types)))
    const sets = [selection.selectionSet]
    const places = [...found].filter((place) => attach({ parts, before, batch, index, sets }, place))
    return { index, batch, places }
  })
  return { node, index: parts.fetch, batches }
}

interface Attaching {
  readonly parts: ShapeParts
  readonly before: ReadonlySet<number>
  readonly batch: EntityBatch
  readonly index: number
  readonly sets: readonly SelectionSetNode[]
}

function attach({ parts, before, batch, index, sets }: Attaching, place: Place): boolean {
  const representation = representationOf(place, batch, { types: parts.collect.types, before })
  if (!representation) return false
  const { type, path } = place
  const { subgraph, fetch } = parts
  const fields = entityFields(parts, batch, { type, path, sets })
  place.parts.push({ subgraph, fetch, fields, entity: { batch: index, representation } })
  return true
}
