import { composeServices } from '@theguild/federation-composition'
import { type DocumentNode, GraphQLError, parse } from 'graphql'
import { type CompositionProblem, describeProblem, type SubgraphSource } from './composition-problem.ts'
import { findContextArguments } from './context-arguments.ts'
import { markInterfaceExternals } from './interface-externals.ts'

export type { CompositionProblem, SubgraphSource } from './composition-problem.ts'

export interface Composition {
  /** What the planner reads: every type with the subgraphs that know it. */
  readonly supergraph: string
  /** What a head sees. */
  readonly api: string
}

/** Shaped like platform's Result, which schema may not import. */
export type CompositionResult =
  | { readonly ok: true; readonly value: Composition }
  | { readonly ok: false; readonly error: readonly CompositionProblem[] }

/** One graph out of its parts, or every problem with the file and line it comes from. */
export function composeSupergraph(sources: readonly SubgraphSource[]): CompositionResult {
  const { parsed, problems } = parseAll(sources)
  if (problems.length > 0) return { ok: false, error: problems }
  const result = composeServices(
    parsed.map(({ source: { name, url }, document }) => ({ name, typeDefs: document, ...(url && { url }) })),
  )
  if (result.errors) {
    return { ok: false, error: result.errors.map((error) => describeProblem(error, parsed)) }
  }
  const unsupported = findContextArguments(
    result.supergraphSdl,
    parsed.map(({ document }) => document),
  )
  if (unsupported.length > 0)
    return { ok: false, error: unsupported.map((error) => describeProblem(error, parsed)) }
  const composed = parsed.map(({ source, document }) => ({ name: source.name, document }))
  const supergraph = markInterfaceExternals(result.supergraphSdl, composed)
  return { ok: true, value: { supergraph, api: result.publicSdl } }
}

interface Parsed {
  readonly source: SubgraphSource
  readonly document: DocumentNode
}

function parseAll(sources: readonly SubgraphSource[]): {
  readonly parsed: readonly Parsed[]
  readonly problems: readonly CompositionProblem[]
} {
  const parsed: Parsed[] = []
  const problems: CompositionProblem[] = []
  for (const source of sources) {
    try {
      parsed.push({ source, document: parse(source.sdl) })
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error
      problems.push(describeProblem(error, [{ source, document: undefined }]))
    }
  }
  return { parsed, problems }
}
