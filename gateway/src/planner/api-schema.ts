import {
  type ASTNode,
  buildASTSchema,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type NamedTypeNode,
  visit,
} from 'graphql'
import { readSpecElements, type SpecElements } from './spec-elements.ts'

/**
 * The graph as clients see it: a supergraph without the machinery of federation and without whatever is
 * `@inaccessible`, plus the directives the edge understands on operations.
 */
export function apiDocument(supergraph: DocumentNode, edgeDirectives: DocumentNode): DocumentNode {
  const spec = readSpecElements(supergraph)
  const hidden = hiddenTypes(supergraph, spec)
  const isHiddenType = (node: NamedTypeNode): boolean => hidden.has(node.name.value)
  const isShown = (node: { readonly directives?: readonly ConstDirectiveNode[] }): boolean =>
    !isInaccessible(node, spec)
  return visit(supergraph, {
    Document: (node) => ({
      ...node,
      definitions: [
        ...node.definitions.filter((definition) => isPublic(definition, spec, hidden)),
        ...edgeDirectives.definitions,
      ],
    }),
    Directive: (node) => (spec.isDirective(node.name.value) ? null : undefined),
    ObjectTypeDefinition: (node) => ({
      ...node,
      fields: node.fields?.filter(isShown) ?? [],
      interfaces: node.interfaces?.filter((name) => !isHiddenType(name)) ?? [],
    }),
    InterfaceTypeDefinition: (node) => ({
      ...node,
      fields: node.fields?.filter(isShown) ?? [],
      interfaces: node.interfaces?.filter((name) => !isHiddenType(name)) ?? [],
    }),
    UnionTypeDefinition: (node) => ({
      ...node,
      types: node.types?.filter((name) => !isHiddenType(name)) ?? [],
    }),
    EnumTypeDefinition: (node) => ({ ...node, values: node.values?.filter(isShown) ?? [] }),
    InputObjectTypeDefinition: (node) => ({ ...node, fields: node.fields?.filter(isShown) ?? [] }),
    FieldDefinition: (node) => ({ ...node, arguments: node.arguments?.filter(isShown) ?? [] }),
  })
}

export function buildApiSchema(api: DocumentNode): GraphQLSchema {
  return buildASTSchema(api, { assumeValidSDL: true })
}

function isPublic(definition: DefinitionNode, spec: SpecElements, hidden: ReadonlySet<string>): boolean {
  if (definition.kind === Kind.SCHEMA_EXTENSION) return false
  if (definition.kind === Kind.DIRECTIVE_DEFINITION) return !spec.isDirective(definition.name.value)
  const name = nameOf(definition)
  return name === undefined || !(spec.isType(name) || hidden.has(name))
}

function hiddenTypes(supergraph: DocumentNode, spec: SpecElements): ReadonlySet<string> {
  const hidden = new Set<string>()
  for (const definition of supergraph.definitions) {
    const name = nameOf(definition)
    if (name !== undefined && 'directives' in definition && isInaccessible(definition, spec)) hidden.add(name)
  }
  return hidden
}

function nameOf(definition: ASTNode): string | undefined {
  return 'name' in definition && definition.name?.kind === Kind.NAME ? definition.name.value : undefined
}

function isInaccessible(
  node: { readonly directives?: readonly { readonly name: { readonly value: string } }[] | undefined },
  spec: SpecElements,
): boolean {
  return node.directives?.some((directive) => directive.name.value === spec.inaccessible) ?? false
}
