import type {
  EntityBatchAlias,
  FetchNode,
  FlattenNodePathSegment,
  PlanNode,
  RequiresSelection,
} from '@graphql-hive/router-query-planner'
import { type FieldNode, Kind, parse, print, visit } from 'graphql'
import { responseKey } from '../../guards/fields-in-place.ts'
import { type ReservedKeys, signatureOf } from '../reserved-keys.ts'

/**
 * Steps that follow one another, under keys of their own for what several requirements ask for with different
 * arguments: others ask for it with others, and all is put into the same objects.
 */
export function withOwnKeys(node: PlanNode, reserved: ReservedKeys): PlanNode {
  const keys = new Map<string, string>()
  const isMixed = (field: FieldNode): boolean =>
    reserved.has(field.name.value) &&
    reserved.get(field.name.value) === undefined &&
    (!field.alias || field.alias.value.startsWith(PLANNERS_OWN))
  const find = (text: string): void => {
    visit(parse(text, { noLocation: true }), {
      Field(field) {
        if (isMixed(field)) keys.set(responseKey(field), ownKey(field))
      },
    })
  }
  for (const operation of operationsOf(node)) find(operation)
  return keys.size === 0 ? node : renamed(node, { keys, isMixed })
}

const PLANNERS_OWN = '_internal_qp_alias'

/** The same for equal arguments, wherever they stand. */
function ownKey(field: FieldNode): string {
  const letters = [...signatureOf(field)].map((letter) =>
    /\w/.test(letter) && letter !== '_' ? letter : `_${letter.charCodeAt(0).toString(16)}_`,
  )
  return `${PLANNERS_OWN}_of_${letters.join('')}`
}

interface Renaming {
  readonly keys: ReadonlyMap<string, string>
  isMixed(field: FieldNode): boolean
}

function operationsOf(node: PlanNode): readonly string[] {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap(operationsOf)
    case 'Flatten':
      return operationsOf(node.node)
    case 'Fetch':
    case 'BatchFetch':
      return [node.operation]
    default:
      return []
  }
}

function renamed(node: PlanNode, renaming: Renaming): PlanNode {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
      return { ...node, nodes: node.nodes.map((step) => renamed(step, renaming)) }
    case 'Flatten':
      return { ...node, path: renamedPath(node.path, renaming), node: renamed(node.node, renaming) }
    case 'Fetch':
      return {
        ...node,
        operation: renamedText(node, renaming),
        requires: requiresOf(node.requires, renaming),
      }
    case 'BatchFetch': {
      const aliases = node.entityBatch.aliases.map(
        (alias): EntityBatchAlias => ({
          ...alias,
          requires: requiresOf(alias.requires, renaming),
          paths: alias.paths.map((path) => renamedPath(path, renaming)),
        }),
      )
      return { ...node, operation: renamedText(node, renaming), entityBatch: { aliases } }
    }
    default:
      return node
  }
}

function renamedText({ operation }: Pick<FetchNode, 'operation'>, { keys, isMixed }: Renaming): string {
  const document = visit(parse(operation, { noLocation: true }), {
    Field(field) {
      const own = isMixed(field) ? keys.get(responseKey(field)) : undefined
      return own === undefined ? undefined : { ...field, alias: { kind: Kind.NAME, value: own } }
    },
  })
  return print(document)
}

function requiresOf(
  selections: readonly RequiresSelection[] | undefined,
  renaming: Renaming,
): RequiresSelection[] {
  return (selections ?? []).map((one): RequiresSelection => {
    if (one.kind === 'FragmentSpread') return one
    const below = one.selections && { selections: requiresOf(one.selections, renaming) }
    if (one.kind === 'InlineFragment') return { ...one, ...below }
    const own = renaming.keys.get(one.name)
    return own === undefined
      ? { ...one, ...below }
      : { ...one, ...below, alias: one.alias ?? one.name, name: own }
  })
}

function renamedPath(path: readonly FlattenNodePathSegment[], { keys }: Renaming): FlattenNodePathSegment[] {
  return path.map((segment) =>
    segment !== '@' && 'Field' in segment ? { Field: keys.get(segment.Field) ?? segment.Field } : segment,
  )
}
