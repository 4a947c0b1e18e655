import { describe, expect, it } from '@jest/globals'
import { given, processed, stories, total } from './ada-order.fixture.ts'

const authorised = { type: 'recordPaymentAuthorised', paymentId: 'PAY-1' } as const
const surplus = (paymentId: string) => ({
  type: 'SurplusPaymentAuthorised' as const,
  data: { orderId: 'O-1', paymentId, amount: total },
})

describe('recordPaymentAuthorised', () => {
  it('lets a created order be processed', () => {
    expect(given(...stories.created).when(authorised)).toEqual({ ok: true, value: [processed] })
  })

  it.each(['processed', 'prepared', 'fulfilled', 'captured', 'cancelAsked', 'cancelled'] as const)(
    'heard twice changes nothing when %s',
    (story) => {
      expect(given(...stories[story]).when(authorised)).toEqual({ ok: true, value: [] })
    },
  )

  it('gives back what comes after the end', () => {
    expect(given(...stories.cancelledUnpaid).when(authorised)).toEqual({
      ok: true,
      value: [surplus('PAY-1')],
    })
  })

  it('gives back a second authorisation beside the first, once', () => {
    const again = { ...authorised, paymentId: 'PAY-2' }
    expect(given(...stories.processed).when(again)).toEqual({ ok: true, value: [surplus('PAY-2')] })
    expect(given(...stories.processed, surplus('PAY-2')).when(again)).toEqual({ ok: true, value: [] })
  })

  it('knows no order that was never placed', () => {
    expect(given().when(authorised)).toMatchObject({ ok: false, error: { code: 'ORDER_NOT_FOUND' } })
  })
})
