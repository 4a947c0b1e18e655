import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { systemClock } from '@stoa/platform/clock'
import { keepWorkers } from '@stoa/platform/keep-workers'
import type { Log } from '@stoa/platform/log'
import type { Subgraph } from '@stoa/platform/subgraph'
import { listenSubgraph } from '@stoa/platform/subgraph-server'
import { startWorker } from '@stoa/platform/worker'
import type { Edge, OpenState } from '../edge.ts'
import { openAll } from '../open-all.ts'
import type { FrontFacts, FrontTold } from './messages.ts'

export interface FrontParts {
  readonly workers: number
  /** 0 takes any free port. */
  readonly port: number
  readonly subgraphs: readonly Subgraph[]
  /** Answers what is not the graph; the workers pass it on. */
  readonly edge: Edge
  readonly state: OpenState
  readonly log: Log
}

/** Closing it lets requests under way end. */
export interface Front extends AsyncDisposable, FrontFacts {}

/**
 * Several gateways, a process each, on one port in front of the subgraphs of this process. One that ends is started
 * anew. Throws OVERLOADED when the wanted port and the next nineteen are taken.
 */
export async function openFront(parts: FrontParts): Promise<Front> {
  await using opening = new AsyncDisposableStack()
  const { log, subgraphs } = parts
  const secret = randomBytes(32).toString('hex')
  const listening = subgraphs.map((subgraph) => listenSubgraph(subgraph, { port: 0, secret, log }))
  const listeners = await openAll(opening, listening)
  const told: Omit<FrontTold, 'port' | 'tries'> = {
    secret,
    supergraph: parts.state.composed.supergraph,
    subgraphs: subgraphs.map(({ name }, index) => ({ name, url: `${listeners[index]?.url}/graphql` })),
    issuer: { url: parts.edge.identity.issuer.url, jwks: parts.edge.identity.issuer.jwks() },
    edgePort: parts.edge.port,
  }
  let first: FrontFacts | undefined
  const port = parts.port === 0 ? await freePort() : parts.port
  opening.use(
    await keepWorkers<FrontTold, FrontFacts>({
      ...{ count: parts.workers, clock: systemClock, log },
      start: () => startWorker(new URL('./worker-main.ts', import.meta.url), FLAGS),
      async open(worker) {
        // All later ones must be where the first one is, as that was told to everybody.
        const where = first ? { port: first.port, tries: 1 } : { port, tries: TRIES }
        const facts = await worker.ask({ ...told, ...where })
        first ??= facts
      },
    }),
  )
  const { url, busy } = first ?? { url: '', busy: [] }
  const opened = opening.move()
  return { url, port: first?.port ?? port, busy, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

const TRIES = 20
/** As for the gateway on its own: see gateway/src/serve/main.ts. */
const FLAGS = ['--max-semi-space-size=8']

/** Asked for here and not by the workers: port 0 would be another one after all of them ended. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  return typeof address === 'object' && address ? address.port : 0
}
