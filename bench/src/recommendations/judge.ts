import { seededRandom } from '@stoa/platform/random'
import type { Question } from './questions.ts'

export const TOP = 10

export interface Judged {
  readonly hitRate: number
  readonly mrr: number
  /** Of each question, in their order: 1 or 0. */
  readonly hits: readonly number[]
  /** Of each question: one over the place, or 0. */
  readonly reciprocals: readonly number[]
}

export async function judge(
  questions: readonly Question[],
  answer: (question: Question) => Promise<readonly string[]>,
): Promise<Judged> {
  const places = await Promise.all(
    questions.map(async (question) =>
      (await answer(question)).slice(0, TOP).findIndex((id) => question.wanted.includes(id)),
    ),
  )
  const hits = places.map((place) => (place < 0 ? 0 : 1))
  const reciprocals = places.map((place) => (place < 0 ? 0 : 1 / (place + 1)))
  return { hitRate: round(meanOf(hits)), mrr: round(meanOf(reciprocals)), hits, reciprocals }
}

const DRAWS = 2_000

/** By how much the mean of one is above the other's, 95 times in 100: the same customers drawn again and again. */
export function gainOver(
  one: readonly number[],
  other: readonly number[],
): { readonly low: number; readonly high: number } {
  const random = seededRandom(3)
  const gains = one.map((value, index) => value - (other[index] ?? 0))
  const draw = (): number => gains[Math.floor(random.next() * gains.length)] ?? 0
  const means = Array.from({ length: DRAWS }, () => meanOf(gains.map(draw))).sort((a, b) => a - b)
  const at = (share: number): number => round(means[Math.floor(DRAWS * share)] ?? 0)
  return { low: at(0.025), high: at(0.975) }
}

/**
 * The hit rate of the one list of ten for everybody that does best with the answers known, chosen product by product. Where what
 * is bought next does not depend on what was bought, no recommender can be expected to do better.
 */
export function bestInHindsight(questions: readonly Question[]): number {
  let open = questions
  for (let place = 0; place < TOP; place++) {
    const counts = new Map<string, number>()
    for (const id of open.flatMap(({ wanted }) => wanted)) counts.set(id, (counts.get(id) ?? 0) + 1)
    const [best] = [...counts].sort(([, a], [, b]) => b - a)
    if (best) open = open.filter(({ wanted }) => !wanted.includes(best[0]))
  }
  return round(1 - open.length / questions.length)
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
