import type { SubgraphParts } from '@stoa/platform/subgraph'
import type { GraphConfig } from '../graph-config.ts'
import { connectGremlin, type GremlinConnection } from './connection.ts'
import type { Sign } from './sign.ts'
import { withRetries } from './with-retries.ts'

export type ConnectParts = Pick<SubgraphParts, 'clock' | 'random' | 'log'> & {
  /** For one call; default 10,000. */
  readonly callWithinMs?: number
}

/** The database of that configuration, signed where it says so; tries again what may pass. Opens nothing yet. */
export async function connectGraph(config: GraphConfig, parts: ConnectParts): Promise<GremlinConnection> {
  const sign = config.region === undefined ? undefined : await openSigner(config.region, parts)
  return withRetries(connectGremlin({ ...parts, url: config.url, ...(sign && { sign }) }), parts)
}

/** Signs with whatever credentials the machine has: a role, mostly. */
async function openSigner(region: string, { clock }: ConnectParts): Promise<Sign> {
  const [{ defaultProvider }, { createSigner }] = await Promise.all([
    import('@aws-sdk/credential-provider-node'),
    import('./sign.ts'),
  ])
  return createSigner({ region, credentials: defaultProvider(), clock })
}
