import { Fault } from '@stoa/platform/fault'
import { type ConstDirectiveNode, type DocumentNode, GraphQLError, Kind, parse } from 'graphql'

export interface NamedSubgraph {
  readonly name: string
  /** As composed; may be empty. */
  readonly url: string
}

/** Throws BAD_SCHEMA with the place when the text is no SDL; `file` is what that calls it. */
export function parseSupergraph(supergraph: string, file = 'supergraph'): DocumentNode {
  try {
    return parse(supergraph, { noLocation: true })
  } catch (cause) {
    const [at] = cause instanceof GraphQLError ? (cause.locations ?? []) : []
    const place = at ? `${file}:${at.line}:${at.column}` : file
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Fault('BAD_SCHEMA', `Expected a composed supergraph in SDL: ${place}: ${why}`, { cause })
  }
}

/** `enum join__Graph` names them, each with `@join__graph(name:, url:)`. Throws BAD_SCHEMA without it. */
export function subgraphsOf(document: DocumentNode): readonly NamedSubgraph[] {
  return [...graphsOf(document).values()]
}

/** The same by what each is called within the supergraph. */
export function graphsOf(document: DocumentNode): ReadonlyMap<string, NamedSubgraph> {
  const graphs = document.definitions.find(
    (node) => node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'join__Graph',
  )
  if (graphs?.kind !== Kind.ENUM_TYPE_DEFINITION)
    throw new Fault(
      'BAD_SCHEMA',
      'Expected a composed supergraph, got a schema without "enum join__Graph". Compose it first.',
    )
  const named = (graphs.values ?? []).flatMap(({ name, directives = [] }) =>
    directives
      .filter((directive) => directive.name.value === 'join__graph')
      .map((directive) => {
        const subgraph = { name: textOf(directive, 'name'), url: textOf(directive, 'url') }
        return [name.value, subgraph] as const
      }),
  )
  return new Map(named)
}

function textOf(directive: ConstDirectiveNode, name: string): string {
  const given = directive.arguments?.find((argument) => argument.name.value === name)?.value
  return given?.kind === Kind.STRING ? given.value : ''
}
