import { systemClock } from '@stoa/platform/clock'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import { openMemoryAffinityGraph } from '@stoa/recommendation/affinity-graph.memory'
import { importAssortment } from '@stoa/recommendation/import'
import { fromBasket, fromHistory, type Known } from './recommendations/answers.ts'
import { bestInHindsight, gainOver, judge } from './recommendations/judge.ts'
import { askAll, holdBack } from './recommendations/questions.ts'
import { giveTaste, loadDemo, type World } from './recommendations/worlds.ts'

// How good the recommendations are: the last order of each demo customer is held back, everything before it is learned. Asked
// is twice. From the history alone: what will they buy next? And with the first product of that order in the basket:
// what else goes in? A hit is a product of that order among the first ten; MRR is one over its place. Beside ours:
// best sellers, chance, and from the history the best ten in hindsight. What the customer had before counts for nobody. All of
// it in the demo shop, where nobody has a taste, and in one where everybody has.
// Run: npm run bench:recommendations [-- --validation], which judges the orders before the last ones: for choosing.

const isValidation = process.argv.includes('--validation')
const SCALES = [1, 4]

const figures: Record<string, number> = {}
for (const scale of SCALES) {
  const demo = await loadDemo(scale)
  Object.assign(figures, await measure(demo, `scale_${scale}`))
  Object.assign(figures, await measure(giveTaste(demo), `scale_${scale}_taste`))
}
for (const [name, value] of Object.entries(figures)) {
  process.stderr.write(`${name.padEnd(52)} ${value.toLocaleString('en')}\n`)
}
process.stdout.write(`${JSON.stringify({ name: 'recommendations', figures })}\n`)

async function measure(world: World, name: string): Promise<Readonly<Record<string, number>>> {
  const { held, learned } = holdBack(world.orders, isValidation ? 1 : 0)
  await using store = openMemoryStore({ clock: systemClock })
  await importAssortment(store, world.products)
  await using graph = await openMemoryAffinityGraph(store)
  await graph.record(learned)
  const { history, baskets } = await askAll(graph, held)
  if (history.length < 20) throw new Error(`Expected customers with several orders, got ${history.length}.`)
  const now = Math.max(...world.orders.map(({ at }) => at))
  const ids = world.products.map(({ productId }) => productId)
  const known: Known = { graph, ids, clock: createVirtualClock(now) }
  const judged = {
    history: await judgeAll(history, fromHistory(known)),
    basket: await judgeAll(baskets, fromBasket(known)),
  }
  const { ours, popular } = judged.history
  const [hits, mrr] = [gainOver(ours.hits, popular.hits), gainOver(ours.reciprocals, popular.reciprocals)]
  return {
    [`customers_${name}`]: history.length,
    [`baskets_${name}`]: baskets.length,
    ...Object.fromEntries(
      Object.entries(judged).flatMap(([asked, answers]) =>
        Object.entries(answers).flatMap(([who, { hitRate, mrr }]) => [
          [`${asked}_${who}_hit_rate_at_10_${name}`, hitRate],
          [`${asked}_${who}_mrr_at_10_${name}`, mrr],
        ]),
      ),
    ),
    [`history_hindsight_hit_rate_at_10_${name}`]: bestInHindsight(history),
    [`history_hit_rate_gain_low_${name}`]: hits.low,
    [`history_hit_rate_gain_high_${name}`]: hits.high,
    [`history_mrr_gain_low_${name}`]: mrr.low,
    [`history_mrr_gain_high_${name}`]: mrr.high,
  }
}

async function judgeAll(
  questions: Parameters<typeof judge>[0],
  answers: ReturnType<typeof fromHistory>,
): Promise<Readonly<Record<keyof typeof answers, Awaited<ReturnType<typeof judge>>>>> {
  return {
    ours: await judge(questions, answers.ours),
    popular: await judge(questions, answers.popular),
    random: await judge(questions, answers.random),
  }
}
