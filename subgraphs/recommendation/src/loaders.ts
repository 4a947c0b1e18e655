import DataLoader from 'dataloader'
import { alsoBought, type Recommendation } from './pipeline.ts'
import type { AffinityGraph } from './ports.ts'

/** One request's reads: a page of products asks the graph once. */
export interface RecommendationLoaders {
  /** By product id; up to 50 products each. */
  readonly alsoBought: DataLoader<string, readonly Recommendation[]>
}

export function createLoaders(graph: AffinityGraph): RecommendationLoaders {
  return { alsoBought: new DataLoader((productIds: readonly string[]) => alsoBought(graph, productIds)) }
}
