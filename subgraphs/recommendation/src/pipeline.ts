import type { Clock } from '@stoa/platform/clock'
import { blend, type Shelf } from './domain/blend.ts'
import { ranked, type Weighted, weightAt } from './domain/taste.ts'
import type { AffinityGraph, Neighbour, StockKnowledge } from './ports.ts'

/** A recommended product; whoever wants more than its id asks the catalogue. */
export interface Recommendation {
  readonly productId: string
}

/** What is not recommended: what this customer bought, what cannot be bought now. */
export type Exclusion = 'BOUGHT' | 'OUT_OF_STOCK'

/** Who looks, and how much of what they want to see. */
export interface Viewer {
  /** What they bought, latest first; nothing for who is no customer. Asked for at most once a request. */
  readonly bought: () => Promise<readonly string[]>
  /** What they looked at, latest first. */
  readonly viewed: () => Promise<readonly string[]>
  /** 1 to 100. */
  readonly first: number
  readonly exclude: readonly Exclusion[]
}

export interface RecommendationPorts {
  readonly graph: AffinityGraph
  readonly stock: StockKnowledge
  readonly clock: Clock
}

/** Products found for each product: as many as the graph remembers, so that enough are left after dropping. */
export const MOST = 50

/** For each product what others bought with it; while nobody did, what sells best beside it, then everywhere. */
export async function findAlsoBought(
  graph: AffinityGraph,
  productIds: readonly string[],
): Promise<readonly (readonly string[])[]> {
  const found = await graph.neighbours(productIds, MOST)
  const cold = productIds.filter((_, index) => found[index]?.length === 0)
  if (cold.length === 0) return found.map(idsOf)
  // One more than shown, in case the product is a best seller itself.
  const [beside, popular] = await Promise.all([graph.similar(cold, MOST), graph.popular(MOST + 1)])
  const warmed = new Map(cold.map((id, index) => [id, [...(beside[index] ?? []), ...idsOf(popular)]]))
  return productIds.map((id, index) => {
    const candidates = warmed.get(id) ?? idsOf(found[index] ?? [])
    return shape(drop(candidates, new Set([id])), MOST)
  })
}

/** What a viewer sees of what was found: without what they excluded. */
export async function showTo(
  stock: StockKnowledge,
  viewer: Viewer,
  candidates: readonly string[],
): Promise<readonly Recommendation[]> {
  const isExcluded = new Set(viewer.exclude)
  const unwanted = isExcluded.has('BOUGHT') ? await viewer.bought() : []
  const allowed = drop(candidates, new Set(unwanted))
  const here = isExcluded.has('OUT_OF_STOCK') ? allowed.filter((id) => !stock.isSoldOut(id)) : allowed
  return shape(here, viewer.first).map((productId) => ({ productId }))
}

/** For one customer, or for nobody in particular: which ids, load in bulk, drop, shape. */
export async function recommendFor(
  ports: RecommendationPorts,
  viewer: Viewer,
): Promise<readonly Recommendation[]> {
  const [bought, viewed] = await Promise.all([viewer.bought(), viewer.viewed()])
  const candidates = await loadInBulk(ports, whichSeeds(bought, viewed))
  return await showTo(ports.stock, viewer, candidates)
}

/** What sells best, everywhere or in one category. */
export async function bestSellers(
  ports: Pick<RecommendationPorts, 'graph' | 'stock'>,
  viewer: Viewer,
  category: string | undefined,
): Promise<readonly Recommendation[]> {
  const sellers = await ports.graph.popular(viewer.first + SPARE, category)
  return await showTo(ports.stock, viewer, idsOf(sellers))
}

/** The latest purchases and looks say most about what is wanted next. */
const SEEDS = 20
/** Best sellers beyond those asked for: some are bought already, some are out of stock. */
const SPARE = 200
/** Best sellers looked at: more than a customer can ask for and have bought. */
const SELLERS = 500
/** Categories looked at. */
const SHELVES = 5

/** Half of them looks at most: who bought something meant it. */
function whichSeeds(bought: readonly string[], viewed: readonly string[]): readonly string[] {
  const looks = viewed.slice(0, Math.max(SEEDS / 2, SEEDS - bought.length))
  return [...new Set([...bought.slice(0, SEEDS - looks.length), ...looks])]
}

/** What is likely next after these, the likeliest first. */
async function loadInBulk(
  { graph, clock }: RecommendationPorts,
  seeds: readonly string[],
): Promise<readonly string[]> {
  const [near, popular, shelves] = await Promise.all([
    graph.neighbours(seeds, MOST),
    graph.popular(SELLERS),
    loadShelves(graph, seeds),
  ])
  const unit = weightAt(clock.now())
  const evidence = { popular: popular.map(toWeighted), near: near.map((one) => one.map(toWeighted)) }
  return blend({ ...evidence, shelves, unit }).map(([productId]) => productId)
}

/** The categories that most of these stand in. */
async function loadShelves(graph: AffinityGraph, productIds: readonly string[]): Promise<readonly Shelf[]> {
  const counts = new Map<string, number>()
  for (const category of await graph.categoriesOf(productIds)) {
    if (category !== undefined) counts.set(category, (counts.get(category) ?? 0) + 1)
  }
  return await Promise.all(
    ranked(counts)
      .slice(0, SHELVES)
      .map(async ([category, seeds]) => ({
        seeds,
        sellers: (await graph.popular(SELLERS, category)).map(toWeighted),
      })),
  )
}

function toWeighted({ productId, weight }: Neighbour): Weighted {
  return [productId, weight]
}

function drop(candidates: readonly string[], unwanted: ReadonlySet<string>): readonly string[] {
  return candidates.filter((productId) => !unwanted.has(productId))
}

/** Each product once, where it first stands. */
function shape(candidates: readonly string[], first: number): readonly string[] {
  return [...new Set(candidates)].slice(0, first)
}

function idsOf(neighbours: readonly Neighbour[]): readonly string[] {
  return neighbours.map(({ productId }) => productId)
}
