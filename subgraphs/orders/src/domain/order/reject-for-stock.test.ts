import { describe, expect, it } from '@jest/globals'
import { given, stories } from './ada-order.fixture.ts'

const reject = { type: 'rejectForStock' } as const

describe('rejectForStock', () => {
  it('ends the order and names the payment to give back', () => {
    const data = { orderId: 'O-1', reason: 'NO_STOCK', paymentId: 'PAY-1' }
    expect(given(...stories.processed).when(reject)).toEqual({
      ok: true,
      value: [{ type: 'OrderCancelled', data }],
    })
  })

  it('changes nothing after the end', () => {
    expect(given(...stories.cancelled).when(reject)).toEqual({ ok: true, value: [] })
  })

  it.each([
    ['created', 'TOO_EARLY'],
    ['prepared', 'STOCK_REJECTED_AFTER_RESERVED'],
    ['partlyShipped', 'STOCK_REJECTED_AFTER_RESERVED'],
    ['fulfilled', 'STOCK_REJECTED_AFTER_RESERVED'],
    ['cancelAsked', 'STOCK_REJECTED_AFTER_RESERVED'],
  ] as const)('is refused when %s: %s', (story, code) => {
    expect(given(...stories[story]).when(reject)).toMatchObject({ ok: false, error: { code } })
  })
})
