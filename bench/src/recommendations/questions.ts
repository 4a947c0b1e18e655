import type { AffinityGraph } from '@stoa/recommendation/affinity-graph'
import type { PastOrder } from '@stoa/recommendation/import'

/** What was known before an order of a customer, and what was in it. */
export interface Question {
  readonly bought: readonly string[]
  /** In the basket already; nothing where only the history is known. */
  readonly basket: readonly string[]
  readonly wanted: readonly string[]
}

export interface Held {
  /** One order of each customer. */
  readonly held: readonly PastOrder[]
  /** Everything else, without what came after an order that is held back. */
  readonly learned: readonly PastOrder[]
}

/** Holds back the last order of each customer, or the one so many before it, and then what came after it too. */
export function holdBack(orders: readonly PastOrder[], before: number): Held {
  const ofCustomer = Map.groupBy(orders, ({ customerId }) => customerId)
  ofCustomer.delete(undefined)
  const lists = [...ofCustomer.values()]
  const hidden = new Set(lists.flatMap((list) => list.slice(-1 - before)))
  return {
    held: lists.flatMap((list) => list.at(-1 - before) ?? []),
    learned: orders.filter((order) => !hidden.has(order)),
  }
}

/** What to ask: from the history alone where there is one, and with the first product in the basket. */
export async function askAll(
  graph: AffinityGraph,
  held: readonly PastOrder[],
): Promise<{ readonly history: readonly Question[]; readonly baskets: readonly Question[] }> {
  const customers = await Promise.all(
    held.map(async ({ customerId = '', productIds }) => ({
      bought: await graph.boughtBy(customerId),
      order: [...new Set(productIds)],
    })),
  )
  return {
    history: customers.filter(({ bought }) => bought.length > 0).flatMap((one) => ask(one, 0)),
    baskets: customers.flatMap((one) => ask(one, 1)),
  }
}

/** What the customer had before is nothing to recommend, and what is in the basket neither. */
function ask(
  { bought, order }: { readonly bought: readonly string[]; readonly order: readonly string[] },
  inBasket: number,
): readonly Question[] {
  const wanted = order.slice(inBasket).filter((id) => !bought.includes(id))
  return wanted.length > 0 ? [{ bought, basket: order.slice(0, inBasket), wanted }] : []
}
