import type { Purchase } from './domain/taste.ts'

/**
 * What is bought together, as a graph: products and customers are its vertices, orders draw its edges, and an edge
 * grows weaker with age. One engine keeps it in memory over rows; a graph database can stand behind the same port.
 */
export interface AffinityGraph extends AsyncDisposable {
  /** Takes in orders, each once however often it is told. Answers how many were new. */
  record(purchases: readonly Purchase[]): Promise<number>
  /** The products most bought together with each of these, strongest first, at most `first` each; in their order. */
  neighbours(productIds: readonly string[], first: number): Promise<readonly (readonly Neighbour[])[]>
  /** The products most bought of late, strongest first. */
  popular(first: number): Promise<readonly Neighbour[]>
  /** What a customer bought, latest first, as far as it is remembered. */
  boughtBy(customerId: string): Promise<readonly string[]>
}

export interface Neighbour {
  readonly productId: string
  /** To compare with others: an order counts twice as much as one that is a half-life older. */
  readonly weight: number
}
