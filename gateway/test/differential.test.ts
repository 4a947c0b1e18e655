import { describe, expect, it } from '@jest/globals'
import { seededRandom } from '@stoa/platform/random'
import { runCases } from './differential/run-cases.ts'

const SCHEMAS = 10
const QUERIES = 20

describe('the federated graph and the merged schema give the same answer', () => {
  it.each(Array.from({ length: SCHEMAS }, (_, seed) => seed))('schema %i', async (seed) => {
    const failing = seed % 2 === 0 ? 0 : 0.1
    const differences = await runCases({ seed, random: seededRandom(seed), queries: QUERIES, failing })
    expect(differences).toEqual([])
  })
})
