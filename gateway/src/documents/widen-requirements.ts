import type { SelectionSetNode } from 'graphql'
import { type CollectParts, collectFields } from '../engine/collect-fields.ts'
import { providedKeys } from '../engine/provided-keys.ts'
import { fieldsInPlace, responseKey } from '../guards/fields-in-place.ts'
import type { EntityBatch, EntityFetchNode, PathSegment, PlanNode, Requirement } from '../planner/plan.ts'

/** An operation whose conditions are decided by `variables`. */
export interface AskedFor extends Omit<CollectParts, 'shownKeys'> {
  readonly root: SelectionSetNode
}

/**
 * Where a subgraph knows an interface only as one type (`@interfaceObject`), and a client asks it for fields of several
 * implementations, the planner puts the steps for them together and keeps the condition of one. Gives the others back:
 * all those for whose objects the client asks for something that the step brings.
 */
export function widenRequirements(node: PlanNode, asked: AskedFor): PlanNode {
  switch (node.kind) {
    case 'sequence':
    case 'parallel':
      return { ...node, nodes: node.nodes.map((step) => widenRequirements(step, asked)) }
    case 'entities':
      return { ...node, batches: node.batches.map((batch) => widen(batch, node, asked)) }
    default:
      return node
  }
}

type OnType = Extract<Requirement, { kind: 'on' }>

function widen(batch: EntityBatch, node: EntityFetchNode, asked: AskedFor): EntityBatch {
  const lost = lostTypes(batch, asked)
  if (!lost) return batch
  const brought = providedKeys(node.operation, batch.outputRewrites, batch.key)
  const sets = batch.paths.flatMap((path) => setsAt(asked, path))
  const wanted = lost.types.filter((type) =>
    collectFields(asked, sets, type).some(({ key }) => brought.has(key)),
  )
  return { ...batch, requires: [...batch.requires, ...wanted.map((type) => ({ ...lost.like, type }))] }
}

interface Lost {
  readonly types: readonly string[]
  readonly like: OnType
}

/** Implementations of the interface whose name representations are given, for which none is made. */
function lostTypes({ inputRewrites, requires }: EntityBatch, { types }: AskedFor): Lost | undefined {
  const given = inputRewrites.find(({ kind, path }) => kind === 'set' && isTypename(path.at(-1)))
  const [like, ...others] = requires.filter((one) => one.kind === 'on')
  if (given?.kind !== 'set' || !like) return undefined
  const areThere = [like, ...others].flatMap(({ type }) => types.objectTypes(type))
  const missing = types.objectTypes(given.value).filter((type) => !areThere.includes(type))
  return types.isObjectType(like.type) && missing.length > 0 ? { types: missing, like } : undefined
}

function isTypename(segment: EntityBatch['inputRewrites'][number]['path'][number] | undefined): boolean {
  return segment?.kind === 'key' && segment.name === '__typename'
}

function setsAt(asked: AskedFor, path: readonly PathSegment[]): readonly SelectionSetNode[] {
  let sets: readonly SelectionSetNode[] = [asked.root]
  for (const segment of path) {
    if (segment.kind !== 'field') continue
    const fields = fieldsInPlace(sets, asked.fragments).filter((field) => responseKey(field) === segment.name)
    sets = fields.flatMap((field) => field.selectionSet ?? [])
  }
  return sets
}
