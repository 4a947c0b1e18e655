import { type FieldNode, Kind, parse, type SelectionSetNode } from 'graphql'
import { type CollectParts, collectFields } from '../engine/collect-fields.ts'
import { renames } from '../engine/rewrites.ts'
import { fieldsInPlace, responseKey } from '../guards/fields-in-place.ts'
import { fragmentsOf } from '../guards/fragment-size.ts'
import type { EntityBatch, EntityFetchNode, PathSegment, PlanNode, Requirement } from '../planner/plan.ts'
import type { RequiredFields } from '../planner/required-fields.ts'

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

function widen(batch: EntityBatch, node: EntityFetchNode, asked: AskedFor): EntityBatch {
  const given = batch.inputRewrites.find(({ kind, path }) => kind === 'set' && isTypename(path.at(-1)))
  const conditions = batch.requires.filter((one) => one.kind === 'on')
  const [first] = conditions
  if (given?.kind !== 'set' || !first || asked.types.isObjectType(given.value)) return batch
  const step: Step = { node, batch, asked, interface: given.value, fields: fieldsOf(node, batch) }
  const all = needsOf(step, step.fields)
  const found = asked.types.objectTypes(given.value).map((type) => {
    const own = conditions.find((one) => asked.types.satisfies(type, one.type))
    const wanted = wantedFields(step, type)
    if (wanted.length === 0) return { now: undefined, isRight: true }
    const inner = told((own ?? first).inner, needsOf(step, wanted), { all, step })
    return {
      now: { ...(own ?? first), type, inner },
      isRight: own !== undefined && own.inner.length === inner.length,
    }
  })
  return found.every(({ isRight }) => isRight)
    ? batch
    : { ...batch, requires: found.flatMap(({ now }) => now ?? []) }
}

interface Step {
  readonly node: EntityFetchNode
  readonly batch: EntityBatch
  readonly asked: AskedFor
  readonly interface: string
  /** By the key that the data has them under. */
  readonly fields: readonly EntityField[]
}

interface EntityField {
  readonly key: string
  readonly name: string
}

/** Fields of the step that the client asks for of this type, with those that it asks for nowhere. */
function wantedFields({ batch, asked, fields }: Step, type: string): readonly EntityField[] {
  const sets = batch.paths.flatMap((path) => setsAt(asked, path))
  const everywhere = new Set(fieldsInPlace(sets, asked.fragments).map(responseKey))
  const here = new Set(collectFields(asked, sets, type).map(({ key }) => key))
  return fields.filter(({ key }) => here.has(key) || !everywhere.has(key))
}

function needsOf({ node, asked, interface: name }: Step, fields: readonly EntityField[]): Needs {
  const needs = fields.flatMap((field) => asked.required.requirementsOf(node.subgraph, name, field.name))
  return new Map(needs.flatMap((one) => (one.kind === 'field' ? [[one.name, one] as const] : [])))
}

type Needs = ReadonlyMap<string, Requirement>

/** With all that is needed and was lost with a condition, and without what only others need. */
function told(
  inner: readonly Requirement[],
  needed: Needs,
  { all, step }: { readonly all: Needs; readonly step: Step },
): readonly Requirement[] {
  const kept = inner.filter(
    (one) =>
      one.kind !== 'field' ||
      !all.has(one.name) ||
      needed.has(one.name) ||
      step.asked.required.isKey(step.interface, one.name),
  )
  const names = new Set(kept.map((one) => (one.kind === 'field' ? one.name : '')))
  return [...kept, ...[...needed].flatMap(([name, one]) => (names.has(name) ? [] : one))]
}

function fieldsOf(node: EntityFetchNode, batch: EntityBatch): readonly EntityField[] {
  const names = renames(batch.outputRewrites)
  return fieldsOfEntities(node.operation, batch.key).map((field) => {
    const key = responseKey(field)
    return { key: names.get(key) ?? key, name: field.name.value }
  })
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
