import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createTimeHeap } from './heap.ts'

describe('the heap of times', () => {
  it('gives back what was put in, earliest first and only when due', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 50 })),
        fc.integer({ min: 0, max: 50 }),
        (times, now) => {
          const heap = createTimeHeap<number>()
          for (const at of times) heap.push(at, at)
          const taken: number[] = []
          for (let at = heap.popDue(now); at !== undefined; at = heap.popDue(now)) taken.push(at)
          const sorted = times.toSorted((a, b) => a - b)
          expect(taken).toEqual(sorted.filter((at) => at <= now))
          expect(heap.nextAt()).toBe(sorted.find((at) => at > now))
        },
      ),
    )
  })
})
