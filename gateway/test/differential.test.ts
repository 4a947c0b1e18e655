import { describe, expect, it } from '@jest/globals'
import { fuzz } from './differential/fuzz.ts'
import { generatedShare } from './differential/report.ts'

const TWO_PROCESSES = 2
const LONGEST = 60_000

describe('the federated graph, answered in three ways, and the merged schema', () => {
  it(
    'give the same answer, most of it by generated functions alone',
    async () => {
      const report = await fuzz({ cases: 2_000, seed: 100, perGraph: 100, processes: TWO_PROCESSES })
      expect(report.cases).toBe(2_000)
      expect(report.differences).toEqual([])
      expect([...report.crashes, report.unhandled]).toEqual([0])
      expect(generatedShare(report)).toBeGreaterThan(0.55)
    },
    LONGEST,
  )
})
