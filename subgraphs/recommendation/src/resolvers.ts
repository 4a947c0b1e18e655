import { requireCustomer } from '@stoa/platform/access'
import { checkFirst } from '@stoa/platform/graph'
import type { ResolverContext } from '@stoa/platform/subgraph'
import type { SubgraphOptions } from '@stoa/platform/subgraph-server'
import { toUserError } from '@stoa/platform/user-error'
import type { RecommendationLoaders } from './loaders.ts'
import {
  bestSellers,
  type Exclusion,
  type Recommendation,
  type RecommendationPorts,
  recommendFor,
  showTo,
  type Viewer,
} from './pipeline.ts'

type Context = ResolverContext<RecommendationLoaders>

interface Arguments {
  readonly first?: number | null
  readonly exclude?: readonly Exclusion[] | null
}

export function createResolvers(
  ports: RecommendationPorts,
): SubgraphOptions<RecommendationLoaders>['resolvers'] {
  const { graph, stock, clock } = ports
  return {
    Query: {
      recommendedForMe: (_: unknown, args: Arguments, context: Context) =>
        recommendFor(ports, toViewer(context, args, 10)),
      bestSellers: (_: unknown, args: Arguments & { readonly category?: string | null }, context: Context) =>
        bestSellers(ports, toViewer(context, args, 10), args.category ?? undefined),
      async recentlyViewed(_: unknown, args: Arguments, context: Context) {
        const { first, viewed } = toViewer(context, args, 10)
        return (await viewed()).slice(0, first).map((productId) => ({ productId }))
      },
    },
    Mutation: {
      async productView(
        _: unknown,
        { input }: { readonly input: { readonly productId: string } },
        context: Context,
      ) {
        const customerId = requireCustomer(context.request.principal)
        const isKnown = await graph.recordView({ customerId, productId: input.productId, at: clock.now() })
        return { userErrors: isKnown ? [] : [unknownProduct()] }
      },
    },
    Product: {
      // Only what we add is ours: whether the product exists is for the catalogue to say.
      __resolveReference: ({ productId }: Recommendation): Recommendation => ({ productId }),
      async alsoBought({ productId }: Recommendation, args: Arguments, context: Context) {
        const viewer = toViewer(context, args, 5)
        return await showTo(stock, viewer, await context.loaders.alsoBought.load(productId))
      },
      async similar({ productId }: Recommendation, args: Arguments, context: Context) {
        const viewer = toViewer(context, args, 5)
        return await showTo(stock, viewer, await context.loaders.similar.load(productId))
      },
    },
  }
}

/** Who asks for how much; BAD_REQUEST for a size outside 1 to 100. */
function toViewer({ request, loaders }: Context, { first, exclude }: Arguments, usual: number): Viewer {
  const { principal } = request
  const ofCustomer = (load: (customerId: string) => Promise<readonly string[]>) => async () =>
    principal.kind === 'customer' ? await load(principal.customerId) : []
  return {
    first: checkFirst(first ?? usual),
    exclude: exclude ?? [],
    bought: ofCustomer((customerId) => loaders.bought.load(customerId)),
    viewed: ofCustomer((customerId) => loaders.viewed.load(customerId)),
  }
}

function unknownProduct(): ReturnType<typeof toUserError> {
  const message = 'There is no such product here. Give the productId that the catalogue gives.'
  return toUserError({ code: 'PRODUCT_NOT_FOUND', message, path: ['input', 'productId'] })
}
