import type { Purchase, View } from './domain/taste.ts'

/**
 * What is bought together, as a graph: products, customers, orders and categories are its vertices, orders draw its
 * edges, and an edge grows weaker with age. One engine keeps it in memory over rows, one in Neptune.
 */
export interface AffinityGraph extends AsyncDisposable {
  /** Takes in orders, each once however often it is told. Answers how many were new. */
  record(purchases: readonly Purchase[]): Promise<number>
  /** Remembers that a customer looked at a product. False when the product is not known here. */
  recordView(view: View): Promise<boolean>
  /** Says where products stand in the shop; saying it again changes nothing. */
  describe(products: readonly DescribedProduct[]): Promise<void>
  /** The products most bought together with each of these, strongest first, at most `first` each; in their order. */
  neighbours(productIds: readonly string[], first: number): Promise<readonly (readonly Neighbour[])[]>
  /**
   * For each of these, products of its category: those that share its neighbours, the most alike first, then best sellers
   * of the category. At most `first` each; none for a product whose category is unknown.
   */
  similar(productIds: readonly string[], first: number): Promise<readonly (readonly string[])[]>
  /**
   * The products most bought of late, strongest first, everywhere or in one category; 1,000 at most. An engine may answer
   * what was so a few seconds ago.
   */
  popular(first: number, category?: string): Promise<readonly Neighbour[]>
  /** The handles of the categories of these, in their order; undefined where it is unknown. */
  categoriesOf(productIds: readonly string[]): Promise<readonly (string | undefined)[]>
  /** What a customer bought, latest first, as far as it is remembered. */
  boughtBy(customerId: string): Promise<readonly string[]>
  /** What a customer looked at, latest first, as far as it is remembered. */
  viewedBy(customerId: string): Promise<readonly string[]>
}

export interface Neighbour {
  readonly productId: string
  /** To compare with others: an order counts twice as much as one that is a half-life older. */
  readonly weight: number
}

export interface DescribedProduct {
  readonly productId: string
  /** The handle of its category. */
  readonly category: string
}

/** What can be bought now, as far as facts about stock have told. */
export interface StockKnowledge {
  /** Whether none of a product's variants can be promised from anywhere. No for a product nothing is known of. */
  isSoldOut(productId: string): boolean
}
