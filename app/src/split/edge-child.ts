import { createHttpSubgraphClient } from '@stoa/gateway/subgraph-client.http'
import { toFault } from '@stoa/platform/fault'
import { z } from 'zod'
import type { GraphSource } from '../compose-graph.ts'
import { generateDemoData } from '../demo-data/generate.ts'
import { describeEdge, openEdge } from '../edge.ts'
import { type ChildParts, tellParent } from './child-parts.ts'
import { type OpenMessage, openMessage } from './messages.ts'

const demoOptions = z.object({ scale: z.number(), seed: z.number() })

/** The gateway, the hooks and the pages; the subgraphs are elsewhere. */
export async function runEdgeChild(parts: ChildParts): Promise<AsyncDisposable> {
  await using opening = new AsyncDisposableStack()
  const { clock, random, log, folder, env, webhookSecret, port, ports } = parts
  const bus = opening.use(await parts.engines.bus())
  const demo = env['STOA_DEMO']
  const customers = demo === undefined ? [] : generateDemoData(demoOptions.parse(JSON.parse(demo))).customers
  const edge = opening.use(
    await openEdge({
      ...{ clock, random, log, folder, customers, port, ports, bus, webhookSecret },
      isolatePlanner: true,
    }),
  )
  opening.defer(() => edge.drain())
  const opened = opening.move()
  const openFor = async ({ sources, simulators }: OpenMessage): Promise<void> => {
    const remote = sources.map((source) => remoteSource(opened, source, parts))
    const state = await edge.open({ sources: remote, simulators })
    tellParent({ type: 'ready', ...describeEdge(edge, state), tokens: edge.identity.tokens })
  }
  process.once('message', (message) => {
    Promise.try(() => openFor(openMessage.parse(message))).catch(tellFailed)
  })
  tellParent({ type: 'listening', url: edge.url, busy: edge.busy })
  return opened
}

/** A subgraph of another process; `owner` closes the connections to it. */
function remoteSource(
  owner: AsyncDisposableStack,
  { name, url, sdl }: OpenMessage['sources'][number],
  { secret, log }: ChildParts,
): GraphSource {
  return {
    name,
    sdl,
    client: owner.use(createHttpSubgraphClient({ name, url: `${url}/graphql`, secret, log })),
  }
}

function tellFailed(reason: unknown): void {
  const { code, message } = toFault(reason)
  tellParent({ type: 'failed', code, message })
}
