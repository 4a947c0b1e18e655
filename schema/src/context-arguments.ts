import { type ASTNode, type DocumentNode, GraphQLError, Kind, parse, visit } from 'graphql'

/**
 * One error for each field that takes an argument from a `@context`: no planner that this project runs fills these, and
 * the subgraph would be asked without them.
 */
export function findContextArguments(
  supergraph: string,
  parts: readonly DocumentNode[],
): readonly GraphQLError[] {
  if (!supergraph.includes('contextArguments: [{')) return []
  const errors: GraphQLError[] = []
  visit(parse(supergraph, { noLocation: true }), {
    ObjectTypeDefinition(type) {
      for (const field of type.fields ?? []) {
        const isFilled = field.directives?.some(({ arguments: given }) =>
          given?.some(({ name }) => name.value === 'contextArguments'),
        )
        if (isFilled) errors.push(errorAt(type.name.value, field.name.value, parts))
      }
      return false
    },
  })
  return errors
}

function errorAt(typeName: string, fieldName: string, parts: readonly DocumentNode[]): GraphQLError {
  const node = parts
    .map((part) => findArgument(part, typeName, fieldName))
    .find((found) => found !== undefined)
  return new GraphQLError(
    `"${typeName}.${fieldName}" takes an argument by @fromContext, which is not supported.`,
    { extensions: { code: 'CONTEXT_NOT_SUPPORTED' }, ...(node && { nodes: node }) },
  )
}

function findArgument(part: DocumentNode, typeName: string, fieldName: string): ASTNode | undefined {
  for (const node of part.definitions) {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) continue
    if (node.name.value !== typeName) continue
    const field = node.fields?.find(({ name }) => name.value === fieldName)
    const argument = field?.arguments?.find(({ directives = [] }) => directives.length > 0)
    if (argument) return argument
  }
  return undefined
}
