import { describe, expect, it } from '@jest/globals'
import { blend, type Evidence } from './blend.ts'
import type { Weighted } from './taste.ts'

const none: Evidence = { popular: [], near: [], shelves: [], unit: 1 }
const popular: readonly Weighted[] = [
  ['LAMP', 40],
  ['TEE', 30],
  ['SOCKS', 15],
  ['POLO', 15],
]

function idsOf(evidence: Partial<Evidence>): readonly string[] {
  return blend({ ...none, popular, ...evidence }).map(([id]) => id)
}

describe('what is likely next', () => {
  it('is what sells best where nothing else is known', () => {
    expect(idsOf({})).toEqual(['LAMP', 'TEE', 'POLO', 'SOCKS'])
    expect(blend(none)).toEqual([])
  })

  it('hears of one order together little, of a hundred much', () => {
    expect(idsOf({ near: [[['SOCKS', 1]]] })).toEqual(['LAMP', 'TEE', 'SOCKS', 'POLO'])
    expect(idsOf({ near: [[['SOCKS', 100]]] })).toEqual(['LAMP', 'SOCKS', 'TEE', 'POLO'])
  })

  it('counts orders, not how large numbers have grown with the years', () => {
    const near: readonly (readonly Weighted[])[] = [[['SOCKS', 3]]]
    const later = near.map((seed) => seed.map(([id, weight]): Weighted => [id, weight * 2 ** 40]))
    expect(blend({ ...none, popular, near: later, unit: 2 ** 40 })).toEqual(
      blend({ ...none, popular, near, unit: 1 }),
    )
  })

  it('prefers what sells on the shelves of what was bought, more so the more was', () => {
    const shelves = (seeds: number): Partial<Evidence> => ({
      near: Array.from({ length: seeds }, () => []),
      shelves: [{ seeds, sellers: [['POLO', 5]] }],
    })
    expect(idsOf(shelves(1))).toEqual(['LAMP', 'POLO', 'TEE', 'SOCKS'])
    expect(idsOf(shelves(8))).toEqual(['POLO', 'LAMP', 'TEE', 'SOCKS'])
  })

  it('knows what sells too little to be a best seller', () => {
    expect(idsOf({ near: [[['RUG', 40]]] })).toContain('RUG')
  })
})
