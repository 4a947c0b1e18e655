import { describe, expect, it } from '@jest/globals'
import { fuzz } from './differential/fuzz.ts'
import { generatedShares } from './differential/report.ts'
import { MENDED } from './differential/seeds.ts'

const CASES = 2_000
/** From 10,000 on everything that is known of federation is drawn. */
const FIRST_SEED = 10_000
const LONGEST_MS = 120_000

describe('the federated graph, answered in four ways, and the merged schema', () => {
  it(
    'give the same answer, most of it by generated functions alone',
    async () => {
      const named = Object.keys(MENDED)
      const report = await fuzz({ cases: CASES, seed: FIRST_SEED, perGraph: 50, processes: 2, named })
      expect(report.cases).toBe(CASES + named.length)
      expect(report.differences).toEqual([])
      expect([...report.crashes, report.unhandled]).toEqual([0])
      const { objects, wire, mixed } = generatedShares(report)
      expect(objects).toBeGreaterThan(0.65)
      expect(Math.min(wire, mixed)).toBeGreaterThan(0.5)
      expect(report.unplanned + report.panics.length).toBe(0)
    },
    LONGEST_MS,
  )
})
