import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { isOrderNumber, orderNumber } from './order-number.ts'

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

describe('an order number', () => {
  it('reads like a telephone number', () => {
    fc.assert(fc.property(chance, (at) => isOrderNumber(orderNumber(at)) && orderNumber(at).length === 12))
    expect(orderNumber(0)).toBe('000-000-0000')
  })

  it('is not mistaken for another by one wrong digit or two swapped ones', () => {
    fc.assert(
      fc.property(chance, fc.nat(9), fc.integer({ min: 1, max: 9 }), (at, index, shift) => {
        const digits = orderNumber(at).replaceAll('-', '')
        const wrong = [...digits].map((digit, i) =>
          i === index ? String((Number(digit) + shift) % 10) : digit,
        )
        expect(isOrderNumber(grouped(wrong.join('')))).toBe(false)
        const [left, right] = [digits[index] ?? '', digits[index + 1] ?? '']
        if (left === right || right === '') return
        const swapped = digits.slice(0, index) + right + left + digits.slice(index + 2)
        expect(isOrderNumber(grouped(swapped))).toBe(false)
      }),
    )
  })

  it('has no other shape', () => {
    expect(['', '4812093375', '481-209-337', 'abc-def-ghij'].some(isOrderNumber)).toBe(false)
  })
})

function grouped(digits: string): string {
  return `${digits.slice(0, 3)}-${digits.slice(3, 6)}-${digits.slice(6)}`
}
