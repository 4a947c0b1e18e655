import { hash } from 'node:crypto'
import { systemClock } from '@stoa/platform/clock'
import { Fault } from '@stoa/platform/fault'
import type { Log } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { createGateway, type Gateway } from '../gateway.ts'
import type { NamedSubgraph } from '../planner/subgraphs-of.ts'
import { createHttpSubgraphClient } from '../subgraph-client.http.ts'
import type { ServeOptions } from './options.ts'
import { readText } from './read-text.ts'
import { listenGraph } from './server.ts'
import { type ClientLease, checkNamed, createClientPool } from './subgraph-clients.ts'
import { version } from './version.ts'

export interface ServiceParts {
  readonly options: ServeOptions
  /** The text, not its path. */
  readonly supergraph: string
  readonly log: Log
}

export interface ServiceFacts {
  readonly url: string
  readonly port: number
  /** Of the supergraph that is served: the first 12 hex digits of its SHA-256. */
  readonly supergraph: string
  readonly subgraphs: readonly NamedSubgraph[]
}

/** A gateway that listens. Closing it lets requests under way end. */
export interface Service extends AsyncDisposable {
  facts(): ServiceFacts
}

/** Throws BAD_CONFIG or BAD_SCHEMA with what to mend. */
export async function openService({ options, supergraph, log }: ServiceParts): Promise<Service> {
  await using opening = new AsyncDisposableStack()
  const pool = createClientPool(options.urls, ({ name, url }) => createHttpSubgraphClient({ name, url, log }))
  const documents = await readDocuments(options.trusted)
  const lease = opening.use(pool.lease(supergraph))
  checkNamed(options.urls, lease.subgraphs)
  const gateway = opening.use(openGateway({ options, supergraph, log }, lease, documents))
  const digest = digestOf(supergraph)
  const state = (): object => ({ supergraph: digest, subgraphs: lease.subgraphs.map(({ name }) => name) })
  const { host, port } = options
  const server = opening.use(await listenGraph({ gateway, host, port, state, version }))
  const opened = opening.move()
  return {
    facts: () => ({ url: server.url, port: server.port, supergraph: digest, subgraphs: lease.subgraphs }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

function openGateway(
  { options, supergraph, log }: ServiceParts,
  { clients }: ClientLease,
  documents: ReadonlyMap<string, string>,
): Gateway {
  return createGateway({
    supergraph,
    subgraphs: clients,
    clock: systemClock,
    random: systemRandom,
    log,
    documents,
    adHocDocuments: !options.production,
    introspection: !options.production,
    exposePlans: options.production ? 'never' : 'header',
    shareSubRequests: options.share,
  })
}

export function digestOf(supergraph: string): string {
  return hash('sha256', supergraph).slice(0, 12)
}

/** `{"sha256:<hex>": "query …"}`; whether ids and texts agree is for the gateway to check. */
async function readDocuments(path: string | undefined): Promise<ReadonlyMap<string, string>> {
  if (path === undefined) return new Map()
  const documents = Object.entries(parseObject(await readText(path, '--trusted'), path))
  const broken = documents.filter(([, text]) => typeof text !== 'string').map(([id]) => id)
  if (broken.length > 0)
    throw new Fault(
      'BAD_CONFIG',
      `--trusted: expected texts in ${path}, got something else for ${broken.join(', ')}.`,
    )
  return new Map(documents.map(([id, text]) => [id, String(text)]))
}

function parseObject(text: string, path: string): object {
  const value = parseJson(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new Fault('BAD_CONFIG', `--trusted: expected a JSON object of documents by id in ${path}.`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
