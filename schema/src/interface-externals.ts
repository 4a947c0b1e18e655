import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  parse,
  print,
  visit,
} from 'graphql'

/** A subgraph as it was composed. */
export interface ComposedPart {
  readonly name: string
  readonly document: DocumentNode
}

/**
 * Says of fields of interfaces which subgraphs only know them as `@external`. The composer leaves that out for a type
 * under `@interfaceObject`, so that a planner would ask such a subgraph for what it has to be told.
 */
export function markInterfaceExternals(supergraph: string, parts: readonly ComposedPart[]): string {
  if (!supergraph.includes('isInterfaceObject: true')) return supergraph
  const document = parse(supergraph, { noLocation: true })
  const names = graphNames(document)
  let isChanged = false
  const marked = visit(document, {
    InterfaceTypeDefinition(node: InterfaceTypeDefinitionNode) {
      if (!hasDirective(node, 'join__type', 'isInterfaceObject')) return false
      const fields = node.fields?.map((field) => {
        const owners = hasDirective(field, 'join__field') ? [] : ownersOf(node.name.value, field, parts)
        if (!owners.some(({ isExternal }) => isExternal)) return field
        isChanged = true
        const directives = owners.map((owner) => joinField(names.get(owner.name) ?? '', owner.isExternal))
        return { ...field, directives: [...(field.directives ?? []), ...directives] }
      })
      return { ...node, ...(fields && { fields }) }
    },
  })
  return isChanged ? print(marked) : supergraph
}

interface Owner {
  readonly name: string
  readonly isExternal: boolean
}

/** Subgraphs that have the field, each with whether it only knows of it. */
function ownersOf(
  typeName: string,
  { name }: FieldDefinitionNode,
  parts: readonly ComposedPart[],
): readonly Owner[] {
  return parts.flatMap((part) => {
    const field = fieldsOf(part.document, typeName).find((one) => one.name.value === name.value)
    if (!field) return []
    return [{ name: part.name, isExternal: EXTERNAL.some((directive) => hasDirective(field, directive)) }]
  })
}

/** Extensions count. */
function fieldsOf(document: DocumentNode, typeName: string): readonly FieldDefinitionNode[] {
  return document.definitions.flatMap((node) => {
    switch (node.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.OBJECT_TYPE_EXTENSION:
      case Kind.INTERFACE_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_EXTENSION:
        return node.name.value === typeName ? (node.fields ?? []) : []
      default:
        return []
    }
  })
}

const EXTERNAL = ['external', 'federation__external']

/** What each subgraph is called within the supergraph. */
function graphNames(document: DocumentNode): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  visit(document, {
    EnumValueDefinition({ name, directives }) {
      const given = directives?.find((one) => one.name.value === 'join__graph')?.arguments
      const text = given?.find((argument) => argument.name.value === 'name')?.value
      if (text?.kind === Kind.STRING) names.set(text.value, name.value)
    },
  })
  return names
}

function hasDirective(
  { directives = [] }: { readonly directives?: readonly ConstDirectiveNode[] },
  name: string,
  argument?: string,
): boolean {
  return directives.some(
    (one) =>
      one.name.value === name &&
      (argument === undefined || one.arguments?.some((given) => given.name.value === argument)),
  )
}

function joinField(graph: string, isExternal: boolean): ConstDirectiveNode {
  const external = { kind: Kind.BOOLEAN, value: true } as const
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: 'join__field' },
    arguments: [
      {
        kind: Kind.ARGUMENT,
        name: { kind: Kind.NAME, value: 'graph' },
        value: { kind: Kind.ENUM, value: graph },
      },
      ...(isExternal
        ? [{ kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'external' }, value: external } as const]
        : []),
    ],
  }
}
