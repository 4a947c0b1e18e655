import { type FieldNode, Kind, parse, type SelectionSetNode } from 'graphql'
import { type CollectParts, collectFields } from '../engine/collect-fields.ts'
import { renames } from '../engine/rewrites.ts'
import { fieldsInPlace, responseKey } from '../guards/fields-in-place.ts'
import { fragmentsOf } from '../guards/fragment-size.ts'
import type { EntityBatch, EntityFetchNode, PathSegment, PlanNode, Requirement } from '../planner/plan.ts'
import { type RequiredFields, requirementKey } from '../planner/required-fields.ts'

/** An operation whose conditions are decided by `variables`. */
export interface AskedFor extends Omit<CollectParts, 'shownKeys'> {
  readonly root: SelectionSetNode
  readonly required: RequiredFields
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
  const fields = fieldsOfEntities(node.operation, batch.key)
  const names = renames(batch.outputRewrites)
  const brought = new Set(fields.map(responseKey).map((key) => names.get(key) ?? key))
  const sets = batch.paths.flatMap((path) => setsAt(asked, path))
  const wanted = lost.types.filter((type) =>
    collectFields(asked, sets, type).some(({ key }) => brought.has(key)),
  )
  const needed = fields.flatMap(
    ({ name }) => asked.required.get(requirementKey(node.subgraph, lost.interface, name.value)) ?? [],
  )
  const complete = ({ type, ...one }: OnType): OnType => ({ ...one, type, inner: join(one.inner, needed) })
  const kept = batch.requires.map((one) => (one.kind === 'on' ? complete(one) : one))
  return { ...batch, requires: [...kept, ...wanted.map((type) => complete({ ...lost.like, type }))] }
}

/** What the fields of an entity fetch need went with the condition that was lost. */
function join(inner: readonly Requirement[], needed: readonly Requirement[]): readonly Requirement[] {
  const names = new Set(inner.map((one) => (one.kind === 'field' ? one.name : '')))
  return [...inner, ...needed.filter((one) => one.kind !== 'field' || !names.has(one.name))]
}

function fieldsOfEntities(operation: string, entitiesKey: string): readonly FieldNode[] {
  const document = parse(operation, { noLocation: true })
  const fragments = fragmentsOf(document)
  const roots = document.definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION ? node.selectionSet : [],
  )
  const entities = fieldsInPlace(roots, fragments).filter((field) => responseKey(field) === entitiesKey)
  return fieldsInPlace(
    entities.flatMap((field) => field.selectionSet ?? []),
    fragments,
  )
}

interface Lost {
  readonly interface: string
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
  return types.isObjectType(like.type) && missing.length > 0
    ? { interface: given.value, types: missing, like }
    : undefined
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
