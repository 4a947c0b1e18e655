import { describe, expect, it } from '@jest/globals'
import { prefixDistance } from './edit-distance.ts'

describe('the distance between what was typed and the beginning of a word', () => {
  it.each([
    ['oxford', 'oxford', 0],
    ['oxf', 'oxford', 0],
    ['oxfrod', 'oxford', 1],
    ['oxxford', 'oxford', 1],
    ['oxord', 'oxford', 1],
    ['ixford', 'oxford', 1],
    ['jumpre', 'jumper', 1],
    ['kestrl', 'kestrel', 1],
  ])('%s and %s are %i apart', (typed, word, distance) => {
    expect(prefixDistance(typed, word, 2)).toBe(distance)
  })

  it('is not worked out beyond the limit', () => {
    expect(prefixDistance('lamp', 'shirt', 2)).toBe(3)
    expect(prefixDistance('l', '', 0)).toBe(1)
  })
})
