import type { SubgraphClient } from '@stoa/gateway/gateway'
import { Fault } from '@stoa/platform/fault'
import type { CompositionProblem } from '@stoa/schema/compose'
import { loadSupergraph } from '@stoa/schema/supergraph'
import { Kind, parse } from 'graphql'

/** A subgraph as the edge sees it: in this process or behind HTTP, it makes no difference. */
export interface GraphSource {
  readonly name: string
  readonly sdl: string
  readonly client: SubgraphClient
}

export interface Composed {
  readonly supergraph: string
  readonly subgraphs: readonly { readonly name: string; readonly fields: number }[]
  readonly ms: number
}

/** One graph out of all parts, or a fault that names each problem with its file and line. */
export async function composeGraph(sources: readonly GraphSource[]): Promise<Composed> {
  const started = performance.now()
  const composed = await loadSupergraph(
    sources.map(({ name, sdl }) => ({ name, sdl, file: `subgraphs/${name}/schema.graphql` })),
  )
  if (!composed.ok) throw new Fault('BAD_SCHEMA', composed.error.map(describe).join('\n'))
  return {
    supergraph: composed.value.supergraph,
    subgraphs: sources.map(({ name, sdl }) => ({ name, fields: countFields(sdl) })),
    ms: performance.now() - started,
  }
}

function describe(problem: CompositionProblem): string {
  const where = problem.file === undefined ? problem.subgraph : `${problem.file}:${problem.line ?? '?'}`
  return `${problem.code} at ${where ?? 'the graph as a whole'}: ${problem.message} ${problem.hint}`
}

function countFields(sdl: string): number {
  return parse(sdl, { noLocation: true }).definitions.reduce((sum, definition) => {
    const isObject =
      definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.OBJECT_TYPE_EXTENSION
    return isObject ? sum + (definition.fields?.length ?? 0) : sum
  }, 0)
}
