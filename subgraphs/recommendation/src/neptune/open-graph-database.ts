import type { SubgraphParts } from '@stoa/platform/subgraph'
import { openNeptuneAffinityGraph } from '../affinity-graph.neptune.ts'
import type { GraphConfig } from '../graph-config.ts'
import type { AffinityGraph } from '../ports.ts'
import { connectGraph } from './connect-graph.ts'
import { tellAssortment } from './tell-assortment.ts'

/** The graph behind that URL. It opens whether or not the database can be reached now. */
export async function openGraphDatabase(config: GraphConfig, parts: SubgraphParts): Promise<AffinityGraph> {
  const graph = openNeptuneAffinityGraph({ ...parts, connection: await connectGraph(config, parts) })
  const telling = tellAssortment({ ...parts, graph, url: config.url })
  return {
    ...graph,
    async [Symbol.asyncDispose]() {
      await telling[Symbol.asyncDispose]()
      await graph[Symbol.asyncDispose]()
    },
  }
}
