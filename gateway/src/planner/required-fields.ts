import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql'
import type { Requirement } from './plan.ts'
import { graphsOf } from './subgraphs-of.ts'

/** What fields of the graph need to be told. */
export interface RequiredFields {
  /** What `@requires` says of a field in a subgraph. */
  requirementsOf(subgraph: string, typename: string, field: string): readonly Requirement[]
  /** Whether a field of an object type has requirements in some subgraph. */
  hasRequirements(typename: string, field: string): boolean
  /** Whether a field is in a key of its type. */
  isKey(typename: string, field: string): boolean
}

export function readRequiredFields(supergraph: DocumentNode): RequiredFields {
  const graphs = graphsOf(supergraph)
  const required = new Map<string, readonly Requirement[]>()
  const keys = new Set<string>()
  const add = (typename: string, field: FieldDefinitionNode): void => {
    for (const directive of field.directives ?? []) {
      if (directive.name.value !== 'join__field') continue
      const { graph, requires } = valuesOf(directive)
      if (graph === undefined || requires === undefined) continue
      const subgraph = graphs.get(graph)?.name ?? graph
      required.set(`${subgraph} ${typename}.${field.name.value}`, requirementsIn(requires))
    }
  }
  for (const node of supergraph.definitions)
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION) {
      for (const field of node.fields ?? []) add(node.name.value, field)
      for (const { name } of keyFields(node)) keys.add(`${node.name.value}.${name}`)
    }
  const coordinates = new Set([...required.keys()].map((key) => key.slice(key.indexOf(' ') + 1)))
  return {
    requirementsOf: (subgraph, typename, field) => required.get(`${subgraph} ${typename}.${field}`) ?? [],
    hasRequirements: (typename, field) => coordinates.has(`${typename}.${field}`),
    isKey: (typename, field) => keys.has(`${typename}.${field}`),
  }
}

type TypeWithFields = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode
type RequiredField = Extract<Requirement, { kind: 'field' }>

function keyFields({ directives = [] }: TypeWithFields): readonly RequiredField[] {
  return directives
    .map(valuesOf)
    .flatMap(({ key }) => (key === undefined ? [] : requirementsIn(key)))
    .filter((one) => one.kind === 'field')
}

function valuesOf({ arguments: given = [] }: ConstDirectiveNode): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.flatMap(({ name, value }) =>
      value.kind === Kind.STRING || value.kind === Kind.ENUM ? [[name.value, value.value]] : [],
    ),
  )
}

function requirementsIn(text: string): readonly Requirement[] {
  const [node] = parse(`{${text}}`, { noLocation: true }).definitions
  return node?.kind === Kind.OPERATION_DEFINITION ? requirementsOf(node.selectionSet) : []
}

function requirementsOf(set: SelectionSetNode): readonly Requirement[] {
  return set.selections.flatMap((node): readonly Requirement[] => {
    if (node.kind === Kind.FRAGMENT_SPREAD) return []
    const inner = node.selectionSet && requirementsOf(node.selectionSet)
    if (node.kind === Kind.FIELD) {
      const name = node.name.value
      return [{ kind: 'field', name, from: name, inner }]
    }
    const type = node.typeCondition?.name.value
    if (type === undefined) return inner ?? []
    return [{ kind: 'on', type, inner: inner ?? [], skipIf: undefined, includeIf: undefined }]
  })
}
