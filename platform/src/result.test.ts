import { describe, expect, it } from '@jest/globals'
import { allResults, err, mapResult, ok } from './result.ts'

describe('a result', () => {
  it('changes its value and leaves a refusal untouched', () => {
    expect(mapResult(ok(2), (n) => n * 3)).toEqual(ok(6))
    const refusal = err('NO_STOCK')
    expect(mapResult(refusal, () => 1)).toBe(refusal)
  })

  it('of many is all their values or the first refusal', () => {
    expect(allResults([ok(1), ok(2)])).toEqual(ok([1, 2]))
    expect(allResults([])).toEqual(ok([]))
    expect(allResults([ok(1), err('first'), err('second')])).toEqual(err('first'))
  })
})
