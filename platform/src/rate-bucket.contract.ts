import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { RateBucket, RateLimit } from './rate-bucket.ts'

export interface RateBench extends AsyncDisposable {
  /** Of this limit, and empty. */
  open(limit: RateLimit): RateBucket
  /** Lets time pass. */
  pass(ms: number): Promise<void>
}

/** What every engine of rate buckets must satisfy. */
export function rateBucketContract(name: string, openBench: () => Promise<RateBench>): void {
  describe(`${name} keeps the contract of a rate bucket`, () => {
    let bench: RateBench
    beforeEach(async () => {
      bench = await openBench()
    })
    afterEach(async () => await bench[Symbol.asyncDispose]())

    it('allows as many at once as a full bucket holds, and then says when the next may come', async () => {
      const bucket = bench.open({ capacity: 3, perSecond: 1 })
      const taken = [await bucket.take('ada'), await bucket.take('ada'), await bucket.take('ada')]
      expect(taken.map(({ allowed, remaining }) => [allowed, remaining])).toEqual([
        [true, 2],
        [true, 1],
        [true, 0],
      ])
      const refused = await bucket.take('ada')
      expect(refused).toMatchObject({ allowed: false, remaining: 0 })
      expect(refused.retryAfterMs).toBeGreaterThan(0)
      expect(refused.retryAfterMs).toBeLessThanOrEqual(1000)
    })

    it('fills by itself, and never above its capacity', async () => {
      const bucket = bench.open({ capacity: 2, perSecond: 20 })
      await bucket.take('ada', 2)
      expect((await bucket.take('ada')).allowed).toBe(false)
      await bench.pass(60)
      expect((await bucket.take('ada')).allowed).toBe(true)
      await bench.pass(400)
      expect(await bucket.take('ada')).toMatchObject({ allowed: true, remaining: 1 })
    })

    it('keeps a bucket for each key', async () => {
      const bucket = bench.open({ capacity: 1, perSecond: 0.1 })
      expect((await bucket.take('ada')).allowed).toBe(true)
      expect((await bucket.take('bo')).allowed).toBe(true)
      expect((await bucket.take('ada')).allowed).toBe(false)
    })

    it('takes what something costs, all of it or nothing', async () => {
      const bucket = bench.open({ capacity: 10, perSecond: 0.1 })
      expect(await bucket.take('ada', 7)).toMatchObject({ allowed: true, remaining: 3 })
      expect(await bucket.take('ada', 4)).toMatchObject({ allowed: false, remaining: 3 })
      expect(await bucket.take('ada', 3)).toMatchObject({ allowed: true, remaining: 0 })
    })

    it('allows exactly its capacity to many who ask together', async () => {
      const bucket = bench.open({ capacity: 20, perSecond: 0.01 })
      const taken = await Promise.all(Array.from({ length: 100 }, () => bucket.take('ada')))
      expect(taken.filter(({ allowed }) => allowed)).toHaveLength(20)
    })

    it('refuses to be asked for what it never holds', async () => {
      const bucket = bench.open({ capacity: 2, perSecond: 1 })
      await expect(bucket.take('ada', 3)).rejects.toThrow('fits into a full bucket')
    })
  })
}
