import { Fault } from '@stoa/platform/fault'
import type { SubgraphClient } from '../gateway.ts'
import { type NamedSubgraph, parseSupergraph, subgraphsOf } from '../planner/subgraphs-of.ts'
import { isHttpUrl } from './options.ts'

/** The clients of one supergraph; given back when its last request has ended. */
export interface ClientLease extends AsyncDisposable {
  readonly clients: ReadonlyMap<string, SubgraphClient>
  readonly subgraphs: readonly NamedSubgraph[]
}

type ClosableClient = SubgraphClient & AsyncDisposable

/** Clients by name and URL: supergraphs that follow one another share those they have in common. */
export interface ClientPool {
  /** Throws BAD_SCHEMA, naming every subgraph without a URL. */
  lease(supergraph: string): ClientLease
}

interface Shared {
  readonly client: ClosableClient
  leases: number
}

/** `urls` are said by the operator and win over the supergraph's own; messages call that `file`. */
export function createClientPool(
  urls: ReadonlyMap<string, string>,
  connect: (subgraph: NamedSubgraph) => ClosableClient,
  file = 'supergraph',
): ClientPool {
  const open = new Map<string, Shared>()

  function take(subgraph: NamedSubgraph): Shared {
    const key = keyOf(subgraph)
    const shared = open.get(key) ?? { client: connect(subgraph), leases: 0 }
    shared.leases++
    open.set(key, shared)
    return shared
  }

  async function giveBack(subgraph: NamedSubgraph): Promise<void> {
    const shared = open.get(keyOf(subgraph))
    if (!shared || --shared.leases > 0) return
    open.delete(keyOf(subgraph))
    await shared.client[Symbol.asyncDispose]()
  }

  return {
    lease(supergraph) {
      const subgraphs = locateSubgraphs(subgraphsOf(parseSupergraph(supergraph, file)), urls)
      const clients = new Map(subgraphs.map((subgraph) => [subgraph.name, take(subgraph).client]))
      return {
        clients,
        subgraphs,
        async [Symbol.asyncDispose]() {
          await Promise.all(subgraphs.map(giveBack))
        },
      }
    },
  }
}

function keyOf({ name, url }: NamedSubgraph): string {
  return `${name} ${url}`
}

export function locateSubgraphs(
  subgraphs: readonly NamedSubgraph[],
  urls: ReadonlyMap<string, string>,
): readonly NamedSubgraph[] {
  const located = subgraphs.map(({ name, url }) => ({ name, url: urls.get(name) ?? url }))
  const lost = located.filter(({ url }) => !isHttpUrl(url)).map(({ name }) => name)
  if (lost.length > 0)
    throw new Fault(
      'BAD_SCHEMA',
      `The supergraph has no http: or https: URL for ${lost.join(', ')}. Give each a --subgraph NAME=URL, or compose with URLs.`,
    )
  return located
}

/** Throws BAD_CONFIG when an option is about what the supergraph does not have: most likely a slip of the pen. */
export function checkNamed(
  option: string,
  said: ReadonlyMap<string, unknown>,
  subgraphs: readonly NamedSubgraph[],
): void {
  const names = subgraphs.map(({ name }) => name)
  const unknown = [...said.keys()].filter((name) => !names.includes(name))
  if (unknown.length > 0)
    throw new Fault(
      'BAD_CONFIG',
      `${option} names what the supergraph does not have: ${unknown.join(', ')}. It has: ${names.join(', ')}.`,
    )
}
