import { checkFirst } from '@stoa/platform/graph'
import type { ResolverContext } from '@stoa/platform/subgraph'
import type { SubgraphOptions } from '@stoa/platform/subgraph-server'
import type { RecommendationLoaders } from './loaders.ts'
import { type Recommendation, recommendFor } from './pipeline.ts'
import type { AffinityGraph } from './ports.ts'

type Context = ResolverContext<RecommendationLoaders>

interface Arguments {
  readonly first?: number | null
}

export function createResolvers(graph: AffinityGraph): SubgraphOptions<RecommendationLoaders>['resolvers'] {
  return {
    Query: {
      recommendedForMe(_: unknown, { first }: Arguments, { request: { principal } }: Context) {
        const customerId = principal.kind === 'customer' ? principal.customerId : undefined
        return recommendFor(graph, { customerId, first: checkFirst(first ?? 10) })
      },
    },
    Product: {
      // Only what we add is ours: whether the product exists is for the catalogue to say.
      __resolveReference: ({ productId }: Recommendation): Recommendation => ({ productId }),
      async alsoBought({ productId }: Recommendation, { first }: Arguments, { loaders }: Context) {
        const most = checkFirst(first ?? 5)
        return (await loaders.alsoBought.load(productId)).slice(0, most)
      },
    },
  }
}
