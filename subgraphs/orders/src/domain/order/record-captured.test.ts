import { describe, expect, it } from '@jest/globals'
import { captured, given, stories } from './ada-order.fixture.ts'

const capture = { type: 'recordCaptured', paymentId: 'PAY-1' } as const

describe('recordCaptured', () => {
  it('takes the money of a fulfilled order', () => {
    expect(given(...stories.fulfilled).when(capture)).toEqual({ ok: true, value: [captured] })
  })

  it('takes it once', () => {
    expect(given(...stories.captured).when(capture)).toEqual({ ok: true, value: [] })
  })

  it.each([
    ['created', 'TOO_EARLY'],
    ['processed', 'TOO_EARLY'],
    ['prepared', 'TOO_EARLY'],
    ['partlyShipped', 'TOO_EARLY'],
    ['cancelAsked', 'TOO_EARLY'],
    ['cancelled', 'CAPTURED_AFTER_CANCELLED'],
  ] as const)('is refused when %s: %s', (story, code) => {
    expect(given(...stories[story]).when(capture)).toMatchObject({ ok: false, error: { code } })
  })

  it('refuses another payment than the one that counts', () => {
    const decided = given(...stories.fulfilled).when({ ...capture, paymentId: 'PAY-2' })
    expect(decided).toMatchObject({ ok: false, error: { code: 'PAYMENT_MISMATCH' } })
  })
})
