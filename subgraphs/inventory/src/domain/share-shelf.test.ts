import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { divide } from './divide.ts'
import { shareShelf } from './share-shelf.ts'
import type { Level } from './stock.ts'

function level(available: number, reserved: number, safety: number = 0): Level {
  return { available, reserved, safety, missing: 0, shelfAt: 0 }
}

describe('what is on a shelf', () => {
  const levels = [level(5, 2, 3), level(4, 0), level(0, 3)]

  it('is shared out evenly where more was found', () => {
    expect(shareShelf(levels, 20)).toEqual([9, 6, 5])
  })

  it('is taken in proportion to what is free where less was found, safety stock last', () => {
    expect(shareShelf(levels, 11)).toEqual([6, 2, 3])
    expect(shareShelf(levels, 7)).toEqual([4, 0, 3])
  })

  it('goes to held units alone where it is too little for them', () => {
    expect(shareShelf(levels, 5)).toEqual([2, 0, 3])
    expect(shareShelf(levels, 0)).toEqual([0, 0, 0])
    expect(shareShelf(levels, 3)).toEqual([1, 0, 2])
  })
})

it('divides without losing a unit, and gives nobody more than their weight of what is there', () => {
  const weights = fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 16 })
  fc.assert(
    fc.property(weights, fc.nat(1_000_000), (of, wanted) => {
      const sum = of.reduce((total, weight) => total + weight, 0)
      const units = Math.min(wanted, sum)
      const parts = divide(units, of)
      expect(parts.reduce((total, part) => total + part, 0)).toBe(units)
      expect(parts.every((part, i) => part >= 0 && part <= (of[i] ?? 0))).toBe(true)
    }),
  )
})
