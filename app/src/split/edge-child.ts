import { createHttpSubgraphClient } from '@stoa/gateway/subgraph-client.http'
import { toFault } from '@stoa/platform/fault'
import { z } from 'zod'
import { generateDemoData } from '../demo-data/generate.ts'
import { openEdge } from '../edge.ts'
import { openIdentity } from '../identity.ts'
import { type ChildParts, tellParent } from './child-parts.ts'
import { openMessage } from './messages.ts'

const demoOptions = z.object({ scale: z.number(), seed: z.number() })

/** The gateway, the hooks and the pages; the subgraphs are elsewhere. */
export async function runEdgeChild(parts: ChildParts): Promise<AsyncDisposable> {
  await using opening = new AsyncDisposableStack()
  const { clock, random, log, folder, env, secret } = parts
  const bus = opening.use(await parts.engines.bus())
  const demo = env['STOA_DEMO']
  const customers = demo === undefined ? [] : generateDemoData(demoOptions.parse(JSON.parse(demo))).customers
  const identity = opening.use(await openIdentity({ clock, random, log, folder, customers }))
  const edge = opening.use(
    await openEdge({
      clock,
      random,
      log,
      port: Number(env['STOA_PORT'] ?? 0),
      bus,
      identity,
      webhookSecret: parts.webhookSecret,
    }),
  )
  process.once('message', (message) => {
    const { sources, simulators } = openMessage.parse(message)
    const remote = sources.map(({ name, url, sdl }) => {
      const client = opened.use(createHttpSubgraphClient({ name, url: `${url}/graphql`, secret, log }))
      return { name, sdl, client }
    })
    edge
      .open({ sources: remote, simulators })
      .then(({ composed }) => tellReady(edge, composed))
      .catch(tellFailed)
  })
  tellParent({ type: 'listening', url: edge.url, busy: [...edge.busy] })
  opening.defer(() => edge.drain())
  const opened = opening.move()
  return opened
}

function tellReady(
  edge: Awaited<ReturnType<typeof openEdge>>,
  composed: {
    readonly subgraphs: readonly { readonly name: string; readonly fields: number }[]
    readonly ms: number
  },
): void {
  const { issuer, accounts, tokens } = edge.identity
  tellParent({
    type: 'ready',
    issuer: issuer.url,
    accounts: accounts.map(({ who, email, password }) => ({ who, email, password })),
    tokens: { ...tokens },
    subgraphs: [...composed.subgraphs],
    composeMs: composed.ms,
  })
}

function tellFailed(reason: unknown): void {
  const fault = toFault(reason)
  process.send?.({ type: 'failed', code: fault.code, message: fault.message })
}
