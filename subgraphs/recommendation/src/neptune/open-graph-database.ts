import type { SubgraphParts } from '@stoa/platform/subgraph'
import { openNeptuneAffinityGraph } from '../affinity-graph.neptune.ts'
import type { GraphConfig } from '../graph-config.ts'
import type { AffinityGraph } from '../ports.ts'
import { connectGremlin } from './connection.ts'
import type { Sign } from './sign.ts'
import { tellAssortment } from './tell-assortment.ts'
import { withRetries } from './with-retries.ts'

/** The graph behind that URL. It opens whether or not the database can be reached now. */
export async function openGraphDatabase(config: GraphConfig, parts: SubgraphParts): Promise<AffinityGraph> {
  const sign = config.region === undefined ? undefined : await openSigner(config.region, parts)
  const connection = connectGremlin({ ...parts, url: config.url, ...(sign && { sign }) })
  const graph = openNeptuneAffinityGraph({ ...parts, connection: withRetries(connection, parts) })
  const telling = tellAssortment({ ...parts, graph, url: config.url })
  return {
    ...graph,
    async [Symbol.asyncDispose]() {
      await telling[Symbol.asyncDispose]()
      await graph[Symbol.asyncDispose]()
    },
  }
}

/** Signs with whatever credentials the machine has: a role, mostly. */
async function openSigner(region: string, { clock }: SubgraphParts): Promise<Sign> {
  const [{ defaultProvider }, { createSigner }] = await Promise.all([
    import('@aws-sdk/credential-provider-node'),
    import('./sign.ts'),
  ])
  return createSigner({ region, credentials: defaultProvider(), clock })
}
