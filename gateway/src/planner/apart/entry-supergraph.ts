import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  parseConstValue,
  print,
  type SelectionSetNode,
} from 'graphql'
import { type PossibleTypes, readPossibleTypes } from '../possible-types.ts'

/** Names the subgraph, which nobody runs, that has every entity's keys at its root. */
export const ENTRY = '(entity)'
const GRAPH = 'STOA_ENTRY'
const FIELD = 'stoa_entry_'

export function entryField(typeName: string): string {
  return `${FIELD}${typeName}`
}

/**
 * A supergraph with one more subgraph, whose root leads to each entity and which knows nothing of it but its keys: a
 * plan that begins there is a plan from an entity that was found already.
 */
export function withEntries(supergraph: DocumentNode): DocumentNode {
  const types = readPossibleTypes(supergraph)
  const entries = new Map<string, Entry>()
  for (const node of supergraph.definitions)
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION)
      for (const key of keysOf(node)) markKey(entries, { type: node.name.value, key, types })
  const query = queryName(supergraph)
  const definitions = supergraph.definitions.map((node) => withEntry(node, entries, query))
  return { ...supergraph, definitions }
}

interface Entry {
  readonly keys: Set<string>
  /** Those that the new subgraph has. */
  readonly fields: Set<string>
}

function entryOf(entries: Map<string, Entry>, type: string): Entry {
  const known = entries.get(type) ?? { keys: new Set<string>(), fields: new Set<string>() }
  entries.set(type, known)
  return known
}

interface Key {
  readonly type: string
  readonly key: string
  readonly types: PossibleTypes
}

function markKey(entries: Map<string, Entry>, { type, key, types }: Key): void {
  entryOf(entries, type).keys.add(key)
  const [node] = parse(`{${key}}`, { noLocation: true }).definitions
  if (node?.kind === Kind.OPERATION_DEFINITION) markFields(entries, type, node.selectionSet, types)
}

function markFields(
  entries: Map<string, Entry>,
  type: string,
  { selections }: SelectionSetNode,
  types: PossibleTypes,
): void {
  for (const selection of selections) {
    if (selection.kind !== Kind.FIELD) continue
    entryOf(entries, type).fields.add(selection.name.value)
    const below = types.fieldType(type, selection.name.value)
    if (below && selection.selectionSet)
      markFields(entries, namedIn(print(below)), selection.selectionSet, types)
  }
}

function withEntry(node: DefinitionNode, entries: ReadonlyMap<string, Entry>, query: string): DefinitionNode {
  switch (node.kind) {
    case Kind.ENUM_TYPE_DEFINITION:
      return node.name.value === 'join__Graph'
        ? { ...node, values: [...(node.values ?? []), graphValue()] }
        : { ...node, directives: [...(node.directives ?? []), joinType()] }
    case Kind.SCALAR_TYPE_DEFINITION:
      return { ...node, directives: [...(node.directives ?? []), joinType()] }
    case Kind.OBJECT_TYPE_DEFINITION:
      return objectWithEntry(node, entries, query)
    default:
      return node
  }
}

function objectWithEntry(
  node: ObjectTypeDefinitionNode,
  entries: ReadonlyMap<string, Entry>,
  query: string,
): ObjectTypeDefinitionNode {
  const entry = entries.get(node.name.value)
  const isQuery = node.name.value === query
  if (!entry && !isQuery) return node
  const graphs = graphsOfType(node)
  const fields = (node.fields ?? []).map((field) => withGraphs(field, graphs, entry))
  const roots = [...entries].flatMap(([type, { keys }]) => (keys.size > 0 ? [rootField(type)] : []))
  const joins = entry && entry.keys.size > 0 ? [...entry.keys].map(joinType) : [joinType()]
  return {
    ...node,
    directives: [...(node.directives ?? []), ...joins],
    fields: isQuery ? [...fields, ...roots] : fields,
  }
}

/** A field that says of no subgraph is in all that its type is in: not in the new one. */
function withGraphs(
  field: FieldDefinitionNode,
  graphs: readonly string[],
  entry: Entry | undefined,
): FieldDefinitionNode {
  const own = field.directives ?? []
  const isJoined = own.some(({ name }) => name.value === 'join__field')
  const before = isJoined ? [] : graphs.map(joinField)
  const entered = entry?.fields.has(field.name.value) ? [joinField(GRAPH)] : []
  return { ...field, directives: [...own, ...before, ...entered] }
}

function rootField(type: string): FieldDefinitionNode {
  return {
    kind: Kind.FIELD_DEFINITION,
    name: { kind: Kind.NAME, value: entryField(type) },
    type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } },
    directives: [joinField(GRAPH)],
  }
}

function graphsOfType({ directives = [] }: ObjectTypeDefinitionNode): readonly string[] {
  const graphs = directives.flatMap((one) =>
    one.name.value === 'join__type' ? (argumentOf(one, 'graph') ?? []) : [],
  )
  return [...new Set(graphs)]
}

function keysOf({ directives = [] }: ObjectTypeDefinitionNode): readonly string[] {
  return directives.flatMap((one) => (one.name.value === 'join__type' ? (argumentOf(one, 'key') ?? []) : []))
}

function argumentOf({ arguments: given }: ConstDirectiveNode, name: string): string | undefined {
  const value = given?.find((argument) => argument.name.value === name)?.value
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined
}

function queryName(supergraph: DocumentNode): string {
  const schema = supergraph.definitions.find((node) => node.kind === Kind.SCHEMA_DEFINITION)
  const root = schema?.operationTypes.find(({ operation }) => operation === 'query')
  return root?.type.name.value ?? 'Query'
}

function namedIn(type: string): string {
  return type.replace(/[[\]!]/g, '')
}

function graphValue() {
  const directives = [directive('join__graph', { name: JSON.stringify(ENTRY), url: '""' })]
  return { kind: Kind.ENUM_VALUE_DEFINITION, name: { kind: Kind.NAME, value: GRAPH }, directives } as const
}

function joinType(key?: string): ConstDirectiveNode {
  const keyed = key === undefined ? {} : { key: JSON.stringify(key), resolvable: 'false' }
  return directive('join__type', { graph: GRAPH, ...keyed })
}

function joinField(graph: string): ConstDirectiveNode {
  return directive('join__field', { graph })
}

function directive(name: string, given: Readonly<Record<string, string>>): ConstDirectiveNode {
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: name },
    arguments: Object.entries(given).map(([argument, value]) => ({
      kind: Kind.ARGUMENT,
      name: { kind: Kind.NAME, value: argument },
      value: parseConstValue(value, { noLocation: true }),
    })),
  }
}
