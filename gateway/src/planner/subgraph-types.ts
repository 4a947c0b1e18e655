import { type DocumentNode, type FieldDefinitionNode, Kind, parseType, print, type TypeNode } from 'graphql'
import { graphsOf } from './subgraphs-of.ts'

/** The types that fields have in a subgraph, which may promise more than the graph does. */
export interface SubgraphTypes {
  typeIn(subgraph: string, typename: string, field: string): TypeNode | undefined
  isComposite(name: string): boolean
}

export function readSubgraphTypes(supergraph: DocumentNode): SubgraphTypes {
  const graphs = graphsOf(supergraph)
  const common = new Map<string, TypeNode>()
  const own = new Map<string, TypeNode>()
  const composite = new Set<string>()
  const declare = (typename: string, field: FieldDefinitionNode): void => {
    const coordinate = `${typename}.${field.name.value}`
    common.set(coordinate, field.type)
    for (const { graph, type } of ownTypes(field))
      own.set(`${graphs.get(graph)?.name ?? graph} ${coordinate}`, type)
  }
  for (const node of supergraph.definitions) {
    if (node.kind === Kind.UNION_TYPE_DEFINITION) composite.add(node.name.value)
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue
    composite.add(node.name.value)
    for (const field of node.fields ?? []) declare(node.name.value, field)
  }
  return {
    typeIn: (subgraph, typename, field) =>
      own.get(`${subgraph} ${typename}.${field}`) ?? common.get(`${typename}.${field}`),
    isComposite: (name) => composite.has(name),
  }
}

/** What `@join__field(graph:, type:)` says. */
function ownTypes({ directives = [] }: FieldDefinitionNode): readonly { graph: string; type: TypeNode }[] {
  return directives
    .filter(({ name }) => name.value === 'join__field')
    .flatMap(({ arguments: given = [] }) => {
      const values = new Map(given.map((argument) => [argument.name.value, argument.value]))
      const [graph, type] = [values.get('graph'), values.get('type')]
      if (graph?.kind !== Kind.ENUM || type?.kind !== Kind.STRING) return []
      return [{ graph: graph.value, type: parseType(type.value, { noLocation: true }) }]
    })
}

/** Equal for types whose fields may share a response key: `[*!]` for a list of objects that are there, `Int!`. */
export function shapeOf(type: TypeNode, types: SubgraphTypes): string {
  const name = namedIn(type)
  return types.isComposite(name) ? print(type).replace(name, '*') : print(type)
}

export function namedIn(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedIn(type.type)
}
