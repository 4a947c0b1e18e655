import { describe, expect, it } from '@jest/globals'
import { given, stories } from './ada-order.fixture.ts'

const declined = { type: 'recordPaymentDeclined', reason: 'insufficient_funds' } as const

describe('recordPaymentDeclined', () => {
  it('ends a created order', () => {
    expect(given(...stories.created).when(declined)).toEqual({
      ok: true,
      value: [
        { type: 'PaymentDeclined', data: { orderId: 'O-1', reason: 'insufficient_funds' } },
        { type: 'OrderCancelled', data: { orderId: 'O-1', reason: 'PAYMENT_DECLINED' } },
      ],
    })
  })

  it.each([
    'processed',
    'prepared',
    'partlyShipped',
    'fulfilled',
    'cancelAsked',
    'cancelled',
    'cancelledUnpaid',
  ] as const)('changes nothing when %s', (story) => {
    expect(given(...stories[story]).when(declined)).toEqual({ ok: true, value: [] })
  })
})
