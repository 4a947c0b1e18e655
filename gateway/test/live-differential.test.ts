import { describe, expect, it } from '@jest/globals'
import { codesOf, essence } from './differential/compare.ts'
import { askBoth, type LiveGraph, openLiveGraph } from './differential/live.ts'
import type { RandomQuery } from './differential/random-query.ts'

const CASES = 25

describe('an event of a subscription', () => {
  it.each([20_000, 20_001, 20_002])(
    'is answered as the same query is, by each way to run it: random graph %i',
    async (seed) => {
      await using graph = await openLiveGraph(seed)
      const queries = Array.from({ length: CASES }, (_, i) => graph.draw(i)).flat()
      let compared = 0
      for (const query of queries) compared += await compare(graph, query)
      expect(compared).toBeGreaterThan(CASES)
    },
  )
})

/** Answers how many ways were compared. */
async function compare({ gateways }: LiveGraph, query: RandomQuery): Promise<number> {
  let compared = 0
  for (const gateway of gateways) {
    const [asked, told] = await askBoth(gateway, query)
    if ([asked, told].some((answer) => REFUSED.has(codesOf(answer).join()))) continue
    compared += 1
    expect([query, essence(told)]).toEqual([query, essence(asked)])
  }
  return compared
}

/** Not every random document is valid, and the planner does not plan all that are. */
const REFUSED: ReadonlySet<string> = new Set(['DOCUMENT_INVALID', 'PLAN_FAILED'])
