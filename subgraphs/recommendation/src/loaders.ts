import DataLoader from 'dataloader'
import { findAlsoBought, MOST } from './pipeline.ts'
import type { AffinityGraph } from './ports.ts'

/** One request's reads: a page of products asks the graph once for each field. */
export interface RecommendationLoaders {
  /** By product id; up to 50 product ids each. */
  readonly alsoBought: DataLoader<string, readonly string[]>
  /** By product id; up to 50 product ids each. */
  readonly similar: DataLoader<string, readonly string[]>
  /** By customer id: what they bought. */
  readonly bought: DataLoader<string, readonly string[]>
  /** By customer id: what they looked at. */
  readonly viewed: DataLoader<string, readonly string[]>
}

export function createLoaders(graph: AffinityGraph): RecommendationLoaders {
  return {
    alsoBought: new DataLoader((productIds: readonly string[]) => findAlsoBought(graph, productIds)),
    similar: new DataLoader((productIds: readonly string[]) => graph.similar(productIds, MOST)),
    bought: new DataLoader((customerIds: readonly string[]) => Promise.all(customerIds.map(graph.boughtBy))),
    viewed: new DataLoader((customerIds: readonly string[]) => Promise.all(customerIds.map(graph.viewedBy))),
  }
}
