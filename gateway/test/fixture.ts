import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { seededRandom } from '@stoa/platform/random'
import type { SubgraphRequest } from '@stoa/platform/subgraph'
import { createSubgraph, type SubgraphOptions } from '@stoa/platform/subgraph-server'
import { type Composition, composeSupergraph } from '@stoa/schema/compose'
import { bodyOf } from '../src/answer-response.ts'
import { createGateway, type Gateway, type GatewayOptions, type SubgraphClient } from '../src/gateway.ts'
import type { GraphAnswer } from '../src/options.ts'

export interface PartOfGraph {
  readonly sdl: string
  readonly resolvers?: SubgraphOptions<undefined>['resolvers']
}

export interface Fixture extends AsyncDisposable {
  readonly gateway: Gateway
  readonly supergraph: string
  /** What each subgraph was asked, in order: `reviews: query(…){…}`. */
  readonly asked: readonly { readonly subgraph: string; readonly request: SubgraphRequest }[]
  ask(query: string, variables?: Readonly<Record<string, unknown>>): Promise<GraphAnswer>
}

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable",
  "@external", "@requires", "@provides", "@inaccessible", "@tag", "@override", "@interfaceObject", "@composeDirective"])
`

export function composed(parts: Readonly<Record<string, PartOfGraph>>): string {
  return compose(parts).supergraph
}

/** What clients see, as the composer has it. */
export function apiOf(parts: Readonly<Record<string, PartOfGraph>>): string {
  return compose(parts).api
}

function compose(parts: Readonly<Record<string, PartOfGraph>>): Composition {
  const sources = Object.entries(parts).map(([name, { sdl }]) => ({
    name,
    sdl: LINK + sdl,
    file: `${name}.graphql`,
  }))
  const result = composeSupergraph(sources)
  if (!result.ok) throw new Error(result.error.map((problem) => JSON.stringify(problem)).join('\n'))
  return result.value
}

export interface FixtureOptions extends Partial<GatewayOptions> {
  wrap?(name: string, client: SubgraphClient): SubgraphClient
  /** Puts a wire before what counts the questions. */
  wire?(client: SubgraphClient): SubgraphClient
}

/** A gateway over real subgraphs in this process; `wrap` may put something between the two. */
export async function openFixture(
  parts: Readonly<Record<string, PartOfGraph>>,
  options: FixtureOptions = {},
): Promise<Fixture> {
  const supergraph = composed(parts)
  const asked: { subgraph: string; request: SubgraphRequest }[] = []
  await using opening = new AsyncDisposableStack()
  const clients = new Map<string, SubgraphClient>()
  for (const [name, part] of Object.entries(parts)) {
    const subgraph = opening.use(await openPart(name, part))
    const client = options.wrap?.(name, subgraph) ?? subgraph
    const counted: SubgraphClient = {
      execute(request) {
        asked.push({ subgraph: name, request })
        return client.execute(request)
      },
    }
    clients.set(name, options.wire?.(counted) ?? counted)
  }
  const base = {
    clock: systemClock,
    random: seededRandom(1),
    log: silentLog,
    introspection: true,
    compileAfter: 0,
  }
  const gateway = opening.use(createGateway({ ...base, supergraph, subgraphs: clients, ...options }))
  const opened = opening.move()
  return {
    gateway,
    supergraph,
    asked,
    ask: async (query, variables = {}) => bodyOf(await gateway.execute({ query, variables })),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  }
}

export function openPart(
  name: string,
  { sdl, resolvers = {} }: PartOfGraph,
): ReturnType<typeof createSubgraph> {
  return createSubgraph({ name, typeDefs: LINK + sdl, resolvers, loaders: () => undefined, log: silentLog })
}
