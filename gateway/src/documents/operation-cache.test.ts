import { describe, expect, it } from '@jest/globals'
import { createByteCache } from './operation-cache.ts'

describe('a cache with a budget of bytes', () => {
  it('never holds more than its budget', () => {
    const cache = createByteCache<number>(1_000)
    for (let i = 0; i < 500; i += 1) {
      cache.set(`k${i}`, i, 50)
      if (i % 3 === 0) cache.get(`k${i}`)
      expect(cache.bytes).toBeLessThanOrEqual(1_000)
    }
  })

  it('keeps what is wanted again through a flood of what is wanted once', () => {
    const cache = createByteCache<string>(10_000)
    for (const hot of ['a', 'b', 'c']) {
      cache.set(hot, hot, 100)
      cache.get(hot)
    }
    for (let i = 0; i < 10_000; i += 1) cache.set(`flood ${i}`, '', 100)
    expect(['a', 'b', 'c'].map((hot) => cache.get(hot))).toEqual(['a', 'b', 'c'])
  })

  it('lets the longest unwanted go first', () => {
    const cache = createByteCache<number>(1_000)
    for (let i = 0; i < 20; i += 1) {
      cache.set(`${i}`, i, 98)
      cache.get(`${i}`)
    }
    expect(cache.get('19')).toBe(19)
    expect(cache.get('0')).toBeUndefined()
  })

  it('does not keep what is larger than its share for newcomers', () => {
    const cache = createByteCache<number>(1_000)
    cache.set('large', 1, 900)
    expect(cache.get('large')).toBeUndefined()
    expect(cache.bytes).toBe(0)
  })

  it('counts a value that is set again once', () => {
    const cache = createByteCache<number>(1_000)
    for (let i = 0; i < 10; i += 1) cache.set('k', i, 98)
    expect(cache.get('k')).toBe(9)
    expect(cache.bytes).toBe(100)
  })
})
