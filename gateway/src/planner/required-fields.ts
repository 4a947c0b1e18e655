import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql'
import type { Requirement } from './plan.ts'
import { graphsOf } from './subgraphs-of.ts'

/** What `@requires` says of a field in a subgraph, by `requirementKey`. */
export type RequiredFields = ReadonlyMap<string, readonly Requirement[]>

export function requirementKey(subgraph: string, typename: string, field: string): string {
  return `${subgraph} ${typename}.${field}`
}

export function readRequiredFields(supergraph: DocumentNode): RequiredFields {
  const graphs = graphsOf(supergraph)
  const required = new Map<string, readonly Requirement[]>()
  const add = (typename: string, field: FieldDefinitionNode): void => {
    for (const directive of field.directives ?? []) {
      if (directive.name.value !== 'join__field') continue
      const { graph, requires } = valuesOf(directive)
      if (graph === undefined || requires === undefined) continue
      const key = requirementKey(graphs.get(graph)?.name ?? graph, typename, field.name.value)
      required.set(key, requirementsIn(requires))
    }
  }
  for (const node of supergraph.definitions)
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION)
      for (const field of node.fields ?? []) add(node.name.value, field)
  return required
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
