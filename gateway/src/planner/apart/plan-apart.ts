import { type PlanNode, type QueryPlan, QueryPlanner } from '@graphql-hive/router-query-planner'
import {
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  print,
} from 'graphql'
import { responseKey } from '../../guards/fields-in-place.ts'
import { expandedSize, fragmentsOf } from '../../guards/fragment-size.ts'
import type { ActiveOverrides } from '../overrides.ts'
import { type PossibleTypes, readPossibleTypes } from '../possible-types.ts'
import { readRequiredFields } from '../required-fields.ts'
import { type ReservedKeys, readReservedKeys } from '../reserved-keys.ts'
import { parseSupergraph } from '../subgraphs-of.ts'
import { entryField, withEntries } from './entry-supergraph.ts'
import { createFindMixed } from './mixed-requirements.ts'
import { withOwnKeys } from './own-keys.ts'
import { type Postponed, postpone } from './postpone.ts'
import { reroot } from './reroot.ts'

export interface ApartPlanner {
  /** Throws the planner's own reason when there is no plan this way either. */
  plan(document: string, overrides: ActiveOverrides): QueryPlan
}

/**
 * Plans operations that the planner cannot plan as a whole, or plans wrongly: fields with requirements are taken out
 * and planned from the entities that they belong to, as steps that follow. More steps than need be, but right ones.
 */
export function openApartPlanner(supergraph: string): ApartPlanner {
  const schema = withEntries(parseSupergraph(supergraph))
  const types = readPossibleTypes(schema)
  const roots = rootsOf(schema)
  const reserved = readReservedKeys(schema)
  const findMixed = createFindMixed(schema)
  const required = readRequiredFields(schema)
  const library = new QueryPlanner(print(schema))
  return {
    plan(text, { labels, percentage }) {
      const document = parse(text, { noLocation: true })
      const most = mostAttempts(document)
      let attempts = 0
      const parts: Parts = {
        ...{ types, roots, reserved },
        isLate: (type, field) => types.isObjectType(type) && required.hasRequirements(type, field),
        isSpent: () => attempts > most,
        plan(toPlan) {
          attempts += 1
          if (attempts > most) throw new Error(`None was found in ${most} attempts.`)
          const mixed = findMixed(toPlan)
          if (mixed !== undefined) throw new Error(`A step may be told ${mixed} in two ways.`)
          return library.plan(toPlan, null, new Set(labels), percentage).node
        },
      }
      const node = planInParts(parts, document, 1)
      return node ? { kind: 'QueryPlan', node } : { kind: 'QueryPlan' }
    },
  }
}

/** Where a part has no plan its fields are tried one by one, and the same again below each: without end, nearly. */
function mostAttempts(document: DocumentNode): number {
  const size = expandedSize(document, fragmentsOf(document))
  return size === 'circular' ? 0 : 100 + 4 * size
}

interface Parts {
  readonly types: PossibleTypes
  readonly roots: Roots
  readonly reserved: ReservedKeys
  isLate(type: string, field: string): boolean
  /** Whether no more attempts are made. */
  isSpent(): boolean
  plan(text: string): PlanNode | undefined
}

/** `from`: how many steps of a path are planned as they are, at least. */
function planInParts(parts: Parts, document: DocumentNode, from: number): PlanNode | undefined {
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)
  if (!operation) return undefined
  const { types, roots, isLate } = parts
  const split = postpone(operation, roots.get(operation.operation) ?? '', {
    types,
    isLate,
    from,
    fragments: fragmentsOf(document),
  })
  const onward = split.postponed.flatMap((one) => planOnward(parts, operation, one))
  const base = parts.plan(print(split.rest()))
  return sequence([base, parallel(onward)])
}

function planOnward(
  parts: Parts,
  operation: OperationDefinitionNode,
  postponed: Postponed,
): readonly PlanNode[] {
  try {
    return [onwardOf(parts, operation, { ...postponed })]
  } catch (reason) {
    const keys = new Set(postponed.fields.map(responseKey))
    if (keys.size === 1 || parts.isSpent()) throw reason
    return [...keys].map((key) =>
      onwardOf(parts, operation, {
        ...postponed,
        fields: postponed.fields.filter((field) => responseKey(field) === key),
      }),
    )
  }
}

function onwardOf(parts: Parts, operation: OperationDefinitionNode, postponed: Postponed): PlanNode {
  const text = print(entryDocument(operation, postponed))
  const { needed, node } = reroot(planEntry(parts, text), postponed.path)
  if (!node) throw new Error('A plan from an entity has no steps.')
  postponed.require(needed)
  return withOwnKeys(node, parts.reserved)
}

function planEntry(parts: Parts, text: string): PlanNode {
  const node = tryToPlan(parts, text) ?? planInParts(parts, parse(text, { noLocation: true }), 2)
  if (!node) throw new Error('A plan from an entity is empty.')
  return node
}

function tryToPlan(parts: Parts, text: string): PlanNode | undefined {
  try {
    return parts.plan(text)
  } catch (reason) {
    // Where nothing more can be taken out, this is why.
    if (parts.isSpent() || !hasLate(parts, text)) throw reason
    return undefined
  }
}

function hasLate({ types, roots, isLate }: Parts, text: string): boolean {
  const document = parse(text, { noLocation: true })
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)
  const parts = { types, isLate, from: 2, fragments: fragmentsOf(document) }
  return (
    operation !== undefined &&
    postpone(operation, roots.get(OperationTypeNode.QUERY) ?? '', parts).postponed.length > 0
  )
}

function entryDocument(
  { variableDefinitions = [] }: OperationDefinitionNode,
  { type, fields }: Postponed,
): DocumentNode {
  const entry: FieldNode = {
    kind: Kind.FIELD,
    name: { kind: Kind.NAME, value: entryField(type) },
    selectionSet: { kind: Kind.SELECTION_SET, selections: fields },
  }
  const definition: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: OperationTypeNode.QUERY,
    variableDefinitions,
    selectionSet: { kind: Kind.SELECTION_SET, selections: [entry] },
  }
  return { kind: Kind.DOCUMENT, definitions: [definition] }
}

type Roots = ReadonlyMap<OperationTypeNode, string>

function rootsOf(supergraph: DocumentNode): Roots {
  const schema = supergraph.definitions.find((node) => node.kind === Kind.SCHEMA_DEFINITION)
  return new Map(schema?.operationTypes.map(({ operation, type }) => [operation, type.name.value]))
}

function sequence(steps: readonly (PlanNode | undefined)[]): PlanNode | undefined {
  const nodes = steps.flatMap((step) => step ?? [])
  return nodes.length > 1 ? { kind: 'Sequence', nodes } : nodes[0]
}

function parallel(nodes: readonly PlanNode[]): PlanNode | undefined {
  return nodes.length > 1 ? { kind: 'Parallel', nodes: [...nodes] } : nodes[0]
}
