import { describe, expect, it } from '@jest/globals'
import { quote } from './quote.ts'

describe('quote', () => {
  it('shows at most 40 characters', () => {
    expect(quote('x'.repeat(40))).toBe(`"${'x'.repeat(40)}"`)
    expect(quote('x'.repeat(41))).toBe(`"${'x'.repeat(39)}…"`)
  })

  it.each([
    ['a "b"', '"a \\"b\\""'],
    ['a\nb\u001b[31m', '"a\\nb\\u001b[31m"'],
    ['a\u202eb\u0085', '"a\\u202eb\\u0085"'],
  ])('escapes what a terminal would act on in %j', (text, expected) => {
    expect(quote(text)).toBe(expected)
  })
})
