import type { Clock } from '@stoa/platform/clock'
import { seededRandom } from '@stoa/platform/random'
import type { AffinityGraph } from '@stoa/recommendation/affinity-graph'
import { findAlsoBought, recommendFor } from '@stoa/recommendation/pipeline'
import { TOP } from './judge.ts'
import type { Question } from './questions.ts'

export type Answer = (question: Question) => Promise<readonly string[]>

export interface Known {
  readonly graph: AffinityGraph
  /** Every product. */
  readonly ids: readonly string[]
  readonly clock: Clock
}

export interface Answers {
  readonly ours: Answer
  readonly popular: Answer
  readonly random: Answer
}

export function fromHistory({ graph, ids, clock }: Known): Answers {
  const stock = { isSoldOut: () => false }
  return {
    async ours({ bought }) {
      const viewer = {
        first: TOP,
        exclude: ['BOUGHT'],
        bought: async () => bought,
        viewed: async () => [],
      } as const
      return (await recommendFor({ graph, stock, clock }, viewer)).map(({ productId }) => productId)
    },
    popular: async ({ bought }) => (await sellers(graph)).filter((id) => !bought.includes(id)),
    random: drawFrom(ids),
  }
}

/** The first product is in the basket. */
export function fromBasket({ graph, ids }: Known): Answers {
  const without = ({ bought, basket }: Question, found: readonly string[]): readonly string[] =>
    found.filter((id) => !basket.includes(id) && !bought.includes(id))
  return {
    ours: async (question) => without(question, (await findAlsoBought(graph, question.basket))[0] ?? []),
    popular: async (question) => without(question, await sellers(graph)),
    random: drawFrom(ids),
  }
}

async function sellers(graph: AffinityGraph): Promise<readonly string[]> {
  return (await graph.popular(300)).map(({ productId }) => productId)
}

function drawFrom(ids: readonly string[]): Answer {
  const random = seededRandom(7)
  return async () => Array.from({ length: TOP }, () => ids[Math.floor(random.next() * ids.length)] ?? '')
}
