import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql'
import { readSelections } from './read-selections.ts'

/** Which subgraph can find an entity again, and which of its fields it tells by itself, wherever the entity stands. */
export interface Ownership {
  /**
   * What a representation is made of by which the subgraph finds an object of this type, as itself and not as an
   * interface's; each way by itself.
   */
  keysIn(typename: string, subgraph: string): readonly SelectionSetNode[]
  /** Whether a field is `__typename` or in a key of any subgraph. */
  isKey(typename: string, field: string): boolean
  /** Whether objects of this type are known there under its name. */
  knows(typename: string, subgraph: string): boolean
  /** `path`: what is below the field is told in this place alone. Undefined where others tell it, or must help. */
  tells(typename: string, field: string, subgraph: string): 'anywhere' | 'path' | undefined
}

interface TypeIn {
  readonly keys: readonly SelectionSetNode[]
  /** Its fields' declarations by name, each with whatever the supergraph says of it. */
  readonly fields: ReadonlyMap<string, readonly ConstDirectiveNode[]>
}

/** Reads `@join__type` and `@join__field`. What is not understood is told by nobody. */
export function readOwnership(supergraph: DocumentNode): Ownership {
  const graphs = graphNames(supergraph)
  const types = new Map<string, ReadonlyMap<string, TypeIn>>()
  const keyFields = new Map<string, ReadonlySet<string>>()
  const read = (node: ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode): false => {
    types.set(node.name.value, readType(node, graphs))
    keyFields.set(node.name.value, new Set(node.directives?.flatMap(fieldsOfKey) ?? []))
    return false
  }
  visit(supergraph, { ObjectTypeDefinition: read, InterfaceTypeDefinition: read })
  return {
    keysIn: (typename, subgraph) => types.get(typename)?.get(subgraph)?.keys ?? [],
    isKey: (typename, field) => field === '__typename' || (keyFields.get(typename)?.has(field) ?? false),
    knows: (typename, subgraph) => types.get(typename)?.has(subgraph) ?? false,
    tells(typename, field, subgraph) {
      const declared = types.get(typename)?.get(subgraph)?.fields.get(field)
      return declared && tellsIn(declared, subgraph, graphs)
    },
  }
}

function readType(
  node: ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode,
  graphs: ReadonlyMap<string, string>,
): ReadonlyMap<string, TypeIn> {
  const fields = new Map(node.fields?.map((field) => [field.name.value, joinFields(field)]))
  const found = new Map<string, TypeIn>()
  for (const directive of node.directives ?? []) {
    const subgraph = graphs.get(nameIn(directive, 'graph') ?? '')
    if (directive.name.value !== 'join__type' || subgraph === undefined) continue
    if (isTrue(directive, 'isInterfaceObject')) continue
    const key = nameIn(directive, 'key')
    const more =
      key !== undefined && !isFalse(directive, 'resolvable') ? [readSelections(`__typename ${key}`)] : []
    found.set(subgraph, { keys: [...(found.get(subgraph)?.keys ?? []), ...more], fields })
  }
  return found
}

function fieldsOfKey(directive: ConstDirectiveNode): readonly string[] {
  const key = directive.name.value === 'join__type' ? nameIn(directive, 'key') : undefined
  return key === undefined
    ? []
    : readSelections(key).selections.flatMap((node) => (node.kind === Kind.FIELD ? [node.name.value] : []))
}

function joinFields(field: FieldDefinitionNode): readonly ConstDirectiveNode[] {
  return field.directives?.filter(({ name }) => name.value === 'join__field') ?? []
}

function tellsIn(
  declared: readonly ConstDirectiveNode[],
  subgraph: string,
  graphs: ReadonlyMap<string, string>,
): ReturnType<Ownership['tells']> {
  if (declared.length === 0) return 'anywhere'
  const own = declared.filter((directive) => graphs.get(nameIn(directive, 'graph') ?? '') === subgraph)
  const [one, second] = own
  if (!one || second) return undefined
  const names = one.arguments?.map(({ name }) => name.value) ?? []
  if (!names.every((name) => UNDERSTOOD.has(name))) return undefined
  return names.includes('provides') ? 'path' : 'anywhere'
}

/** An override without a label is done; an external, labelled or required one leaves the field to be had only in part. */
const UNDERSTOOD: ReadonlySet<string> = new Set(['graph', 'type', 'provides', 'override'])

function graphNames(supergraph: DocumentNode): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  visit(supergraph, {
    EnumValueDefinition(node) {
      const graph = node.directives?.find(({ name }) => name.value === 'join__graph')
      if (graph) names.set(node.name.value, nameIn(graph, 'name') ?? '')
    },
  })
  return names
}

function valueIn(directive: ConstDirectiveNode, argument: string) {
  return directive.arguments?.find(({ name }) => name.value === argument)?.value
}

/** Of a text or an enum's value. */
function nameIn(directive: ConstDirectiveNode, argument: string): string | undefined {
  const value = valueIn(directive, argument)
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined
}

function isTrue(directive: ConstDirectiveNode, argument: string): boolean {
  const value = valueIn(directive, argument)
  return value?.kind === Kind.BOOLEAN && value.value
}

function isFalse(directive: ConstDirectiveNode, argument: string): boolean {
  const value = valueIn(directive, argument)
  return value?.kind === Kind.BOOLEAN && !value.value
}
