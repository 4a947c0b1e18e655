import { systemClock } from '@stoa/platform/clock'
import type { Log } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { isCognito } from '../access/cognito.ts'
import { createGateway, type Gateway, type GatewayOptions } from '../gateway.ts'
import type { Issuer } from '../options.ts'
import type { NamedSubgraph } from '../planner/subgraphs-of.ts'
import { createHttpSubgraphClient, type HttpSubgraphClient } from '../subgraph-client.http.ts'
import type { IssuerOption } from './caller-options.ts'
import { digestOf } from './digest.ts'
import { openPlans } from './open-plans.ts'
import { openRate } from './open-rate.ts'
import type { ServeOptions } from './options.ts'
import { readDocuments } from './read-documents.ts'
import { readSecret } from './read-secret.ts'
import { listenGraph } from './server.ts'
import { type ClientLease, createClientPool } from './subgraph-clients.ts'
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

/** A gateway that listens, in this process or in several. Closing it lets requests under way end. */
export interface Service extends AsyncDisposable {
  facts(): ServiceFacts
  /** Serves another supergraph, without a pause. Throws BAD_SCHEMA when it cannot, and goes on as before. */
  take(supergraph: string): Promise<void>
  /** Tells in `/readyz` that this one, by its digest or by why there is none, was offered and not taken. */
  refuse(digest: string): void
}

/** Throws BAD_CONFIG or BAD_SCHEMA with what to mend. */
export async function openService({ options, supergraph, log }: ServiceParts): Promise<Service> {
  await using opening = new AsyncDisposableStack()
  const secret = await readSecret(options.secretFile)
  const signing = secret === undefined ? {} : { secret }
  const connect = ({ name, url }: NamedSubgraph): HttpSubgraphClient => {
    const subscriptions = options.subscriptions.get(name) ?? 'sse'
    return createHttpSubgraphClient({ name, url, log, subscriptions, ...signing })
  }
  const pool = createClientPool(options.urls, connect, options.supergraph)
  const documents = await readDocuments(options.trusted)
  let running = { digest: digestOf(supergraph), lease: pool.lease(supergraph) }
  let refused: string | undefined
  opening.defer(() => running.lease[Symbol.asyncDispose]())
  const { rate } = opening.use(await openRate(options, log))
  const { sharedPlans } = opening.use(await openPlans(options, secret, log))
  const issuer = options.issuer && issuerOf(options.issuer)
  const shared = { ...(rate && { rate }), ...(sharedPlans && { sharedPlans }), ...(issuer && { issuer }) }
  const gateway = opening.use(openGateway({ options, supergraph, log, shared }, running.lease, documents))
  const state = (): object => readiness(running, refused)
  const { host, port } = options
  const server = opening.use(await listenGraph({ gateway, host, port, state, version }))
  const opened = opening.move()

  async function take(next: string): Promise<void> {
    const lease = pool.lease(next)
    try {
      const { unused } = await gateway.reload(next, lease.clients)
      const old = running.lease
      unused
        .then(() => old[Symbol.asyncDispose]())
        .catch((err) => log.warn({ err }, 'a client did not close'))
      running = { digest: digestOf(next), lease }
      refused = undefined
    } catch (reason) {
      await lease[Symbol.asyncDispose]()
      throw reason
    }
  }

  return {
    facts: () => ({ url: server.url, port: server.port, ...factsOf(running) }),
    take,
    refuse(digest) {
      refused = digest
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

interface Running {
  readonly digest: string
  readonly lease: ClientLease
}

function factsOf({ digest, lease }: Running): Pick<ServiceFacts, 'supergraph' | 'subgraphs'> {
  return { supergraph: digest, subgraphs: lease.subgraphs }
}

function readiness({ digest, lease }: Running, refused: string | undefined): object {
  const subgraphs = lease.subgraphs.map(({ name }) => name)
  return { supergraph: digest, subgraphs, ...(refused !== undefined && { refused }) }
}

/** Either is an algorithm of key pairs, so whoever has the public half can sign with neither. */
function issuerOf(named: IssuerOption): Issuer {
  return isCognito(named.issuer) ? named : { ...named, algorithms: ['ES256', 'RS256'] }
}

interface GatewayParts extends ServiceParts {
  readonly shared: Pick<GatewayOptions, 'issuer' | 'rate' | 'sharedPlans'>
}

function openGateway(
  { options, supergraph, log, shared }: GatewayParts,
  { clients }: ClientLease,
  documents: ReadonlyMap<string, string>,
): Gateway {
  return createGateway({
    supergraph,
    subgraphs: clients,
    clock: systemClock,
    random: systemRandom,
    log,
    ...shared,
    documents,
    adHocDocuments: !options.production,
    introspection: !options.production,
    exposePlans: options.production ? 'never' : 'header',
    shareSubRequests: options.share,
    tellsContext: options.secretFile !== undefined,
    origins: options.origins,
    overrideLabels: () => options.labels,
    isolatePlanner: true,
  })
}
