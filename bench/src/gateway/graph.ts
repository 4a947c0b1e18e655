import { readFileSync } from 'node:fs'
import { composeSupergraph } from '@stoa/schema/compose'
import { buildSchema, type ExecutionResult, execute, parse } from 'graphql'
import type { GraphData } from './graph-data.ts'

export const subgraphNames = ['accounts', 'inventory', 'products', 'reviews'] as const

export type SubgraphName = (typeof subgraphNames)[number]

export type QueryName = 'heavy' | 'small'

export function readSdl(name: SubgraphName): string {
  return readFileSync(new URL(`./graph/${name}.graphql`, import.meta.url), 'utf8')
}

export function readQuery(name: QueryName): string {
  return readFileSync(new URL(`./queries/${name}.graphql`, import.meta.url), 'utf8')
}

export interface ComposedGraph {
  /** With the subgraphs' addresses inside, as gateways that take nothing else expect. */
  readonly supergraph: string
  readonly api: string
}

export function composeGraph(urls: ReadonlyMap<SubgraphName, string>): ComposedGraph {
  const composed = composeSupergraph(subgraphNames.map((name) => ({ name, sdl: readSdl(name) })))
  if (!composed.ok) throw new Error(`The bench's graph does not compose: ${JSON.stringify(composed.error)}`)
  const { supergraph, api } = composed.value
  const addressed = [...urls].reduce(
    (sdl, [name, url]) => sdl.replace(`(name: "${name}", url: "")`, `(name: "${name}", url: "${url}")`),
    supergraph,
  )
  return { supergraph: addressed, api }
}

/** What every gateway must answer: one execution of the merged schema by graphql-js. */
export function expectedAnswer(api: string, data: GraphData, query: string): ExecutionResult {
  const result = execute({
    schema: buildSchema(api),
    document: parse(query),
    rootValue: {
      me: data.users[0],
      users: data.users,
      topProducts: ({ first }: { first: number }) => data.products.slice(0, first),
    },
  })
  if (result instanceof Promise) throw new Error('The bench data is at hand; nothing should be awaited.')
  return result
}
