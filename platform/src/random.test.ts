import { describe, expect, it } from '@jest/globals'
import { seededRandom, systemRandom } from './random.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('seeded chance', () => {
  it('is the same for the same seed, in this and every later version', () => {
    const random = seededRandom(42)
    const numbers = [random.next(), random.next(), random.next()].map((n) => n.toFixed(6))
    expect(numbers).toEqual(['0.601104', '0.448291', '0.852466'])
    expect(seededRandom(42).uuid()).toBe(seededRandom(42).uuid())
    expect(seededRandom(42).uuid()).not.toBe(seededRandom(43).uuid())
  })

  it('spreads evenly over [0, 1)', () => {
    const random = seededRandom(7)
    const buckets = Array.from({ length: 10 }, () => 0)
    for (let i = 0; i < 100_000; i++) {
      const bucket = Math.floor(random.next() * 10)
      buckets[bucket] = (buckets[bucket] ?? 0) + 1
    }
    expect(buckets).toHaveLength(10)
    for (const count of buckets) expect(Math.abs(count - 10_000)).toBeLessThan(500)
  })

  it('makes well-formed ids that do not repeat', () => {
    const random = seededRandom(1)
    const ids = Array.from({ length: 10_000 }, () => random.uuid())
    expect(new Set(ids).size).toBe(10_000)
    for (const id of ids.slice(0, 100)) expect(id).toMatch(UUID)
  })
})

describe('the machine’s chance', () => {
  it('makes ids that sort by the time they were made', () => {
    const ids = Array.from({ length: 1000 }, () => systemRandom.uuid())
    expect(ids).toEqual(ids.toSorted())
    expect(ids[0]).toMatch(UUID)
    expect(ids[0]?.charAt(14)).toBe('7')
  })
})
