import { describe, expect, it } from '@jest/globals'
import { createVirtualClock } from './clock.virtual.ts'
import { rateBucketContract } from './rate-bucket.contract.ts'
import { createMemoryRateBucket } from './rate-bucket.memory.ts'

rateBucketContract('memory', async () => {
  const clock = createVirtualClock()
  return {
    open: (limit) => createMemoryRateBucket({ limit, clock }),
    pass: async (ms) => clock.advance(ms),
    [Symbol.asyncDispose]: async () => {},
  }
})

describe('rate buckets in memory', () => {
  it('are bounded: the one used longest ago is forgotten', async () => {
    const clock = createVirtualClock()
    const bucket = createMemoryRateBucket({ limit: { capacity: 1, perSecond: 0.001 }, clock, maxKeys: 2 })
    await bucket.take('ada')
    await bucket.take('bo')
    await bucket.take('ada')
    await bucket.take('cleo')
    expect((await bucket.take('ada')).allowed).toBe(false)
    expect((await bucket.take('bo')).allowed).toBe(true)
  })
})
