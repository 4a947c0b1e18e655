import { systemClock } from '@stoa/platform/clock'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import { seededRandom } from '@stoa/platform/random'
import type { AffinityGraph } from '@stoa/recommendation/affinity-graph'
import { openMemoryAffinityGraph } from '@stoa/recommendation/affinity-graph.memory'
import { importAssortment, type PastOrder } from '@stoa/recommendation/import'
import { findAlsoBought, recommendFor } from '@stoa/recommendation/pipeline'

// How good the recommendations are: the last order of each demo customer is held back, everything before it is learned. Asked
// is twice. From the history alone: what will they buy next? And with the first product of that order in the basket:
// what else goes in? A hit is a product of that order among the first ten; MRR is one over its place. Beside ours:
// best sellers, and chance. What the customer had before counts for nobody.
// Run: npm run bench:recommendations

const TOP = 10
const SCALES = [1, 4]

const figures: Record<string, number> = {}
for (const scale of SCALES) Object.assign(figures, await measure(scale))
for (const [name, value] of Object.entries(figures)) {
  process.stderr.write(`${name.padEnd(44)} ${value.toLocaleString('en')}\n`)
}
process.stdout.write(`${JSON.stringify({ name: 'recommendations', figures })}\n`)

/** What was known before a customer's last order, and what was in it. */
interface Question {
  readonly bought: readonly string[]
  /** In the basket already; nothing where only the history is known. */
  readonly basket: readonly string[]
  readonly wanted: readonly string[]
}

type Answer = (question: Question) => Promise<readonly string[]>

async function measure(scale: number): Promise<Readonly<Record<string, number>>> {
  const { products, orders } = await loadDemo(scale)
  const lastOf = new Map(
    orders.flatMap((order) => (order.customerId ? [[order.customerId, order] as const] : [])),
  )
  const held = new Set(lastOf.values())
  await using store = openMemoryStore({ clock: systemClock })
  await importAssortment(store, products)
  await using graph = await openMemoryAffinityGraph(store)
  await graph.record(orders.filter((order) => !held.has(order)))
  const customers = await Promise.all(
    [...held].map(async ({ customerId = '', productIds }) => ({
      bought: await graph.boughtBy(customerId),
      order: [...new Set(productIds)],
    })),
  )
  const known = customers.filter(({ bought }) => bought.length > 0).flatMap((one) => ask(one, 0))
  const baskets = customers.flatMap((one) => ask(one, 1))
  if (known.length < 20) throw new Error(`Expected customers with several orders, got ${known.length}.`)
  const ids = products.map(({ productId }) => productId)
  const named = async (name: string, asked: readonly Question[], answers: Readonly<Record<string, Answer>>) =>
    Object.fromEntries(
      (
        await Promise.all(
          Object.entries(answers).map(async ([who, answer]) => {
            const { hitRate, mrr } = await judge(asked, answer)
            return [
              [`${name}_${who}_hit_rate_at_10_scale_${scale}`, hitRate],
              [`${name}_${who}_mrr_at_10_scale_${scale}`, mrr],
            ] as const
          }),
        )
      ).flat(),
    )
  return {
    [`customers_scale_${scale}`]: known.length,
    [`baskets_scale_${scale}`]: baskets.length,
    ...(await named('history', known, fromHistory(graph, ids))),
    ...(await named('basket', baskets, fromBasket(graph, ids))),
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

function fromHistory(graph: AffinityGraph, ids: readonly string[]): Readonly<Record<string, Answer>> {
  const stock = { isSoldOut: () => false }
  const random = seededRandom(7)
  return {
    ours: async ({ bought }) => {
      const viewer = {
        first: TOP,
        exclude: ['BOUGHT'],
        bought: async () => bought,
        viewed: async () => [],
      } as const
      return (await recommendFor({ graph, stock }, viewer)).map(({ productId }) => productId)
    },
    popular: async ({ bought }) => (await sellers(graph)).filter((id) => !bought.includes(id)),
    random: async () => drawSome(ids, () => random.next()),
  }
}

/** The first product is in the basket. */
function fromBasket(graph: AffinityGraph, ids: readonly string[]): Readonly<Record<string, Answer>> {
  const random = seededRandom(7)
  const without = ({ bought, basket }: Question, found: readonly string[]): readonly string[] =>
    found.filter((id) => !basket.includes(id) && !bought.includes(id))
  return {
    ours: async (question) => without(question, (await findAlsoBought(graph, question.basket))[0] ?? []),
    popular: async (question) => without(question, await sellers(graph)),
    random: async () => drawSome(ids, () => random.next()),
  }
}

async function sellers(graph: AffinityGraph): Promise<readonly string[]> {
  return (await graph.popular(300)).map(({ productId }) => productId)
}

async function judge(
  questions: readonly Question[],
  answer: Answer,
): Promise<{ readonly hitRate: number; readonly mrr: number }> {
  let [hits, reciprocals] = [0, 0]
  for (const question of questions) {
    const place = (await answer(question)).slice(0, TOP).findIndex((id) => question.wanted.includes(id))
    if (place < 0) continue
    hits += 1
    reciprocals += 1 / (place + 1)
  }
  return { hitRate: round(hits / questions.length), mrr: round(reciprocals / questions.length) }
}

function drawSome(ids: readonly string[], next: () => number): readonly string[] {
  return Array.from({ length: TOP }, () => ids[Math.floor(next() * ids.length)] ?? '')
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000
}

interface Demo {
  readonly products: Parameters<typeof importAssortment>[1]
  readonly orders: readonly PastOrder[]
}

/** As much of `@stoa/app/demo-data` as is used here; the benchmarks do not depend on the app. */
interface DemoModule {
  generateDemoData(options: { readonly scale: number; readonly seed: number }): {
    readonly products: readonly {
      readonly productId: string
      readonly category: string
      readonly variants: readonly { readonly sku: string }[]
    }[]
    readonly orders: readonly {
      readonly facts: readonly {
        readonly at: number
        readonly event: { readonly type: string; readonly data: object }
      }[]
    }[]
  }
}

async function loadDemo(scale: number): Promise<Demo> {
  const { generateDemoData }: DemoModule = await import(import.meta.resolve('@stoa/app/demo-data'))
  const { products, orders } = generateDemoData({ scale, seed: 42 })
  return {
    products: products.map(({ productId, category, variants }) => ({
      ...{ productId, category, skus: variants.map(({ sku }) => sku) },
    })),
    orders: orders
      .flatMap(({ facts: [first] }) => (first ? [toOrder(first)] : []))
      .sort((a, b) => a.at - b.at),
  }
}

function toOrder({
  at,
  event,
}: {
  readonly at: number
  readonly event: { readonly data: object }
}): PastOrder {
  // The first fact of an order is OrderCreated.
  const data = event.data as {
    readonly orderId: string
    readonly customerId?: string
    readonly lines: readonly { readonly productId: string }[]
  }
  const { orderId, customerId, lines } = data
  return {
    orderId,
    at,
    productIds: lines.map(({ productId }) => productId),
    ...(customerId && { customerId }),
  }
}
