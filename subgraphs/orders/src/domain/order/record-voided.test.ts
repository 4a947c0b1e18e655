import { describe, expect, it } from '@jest/globals'
import { given, stories, total, voided } from './ada-order.fixture.ts'

const giveBack = { type: 'recordVoided', paymentId: 'PAY-1' } as const
const surplus = {
  type: 'SurplusPaymentAuthorised',
  data: { orderId: 'O-1', paymentId: 'PAY-2', amount: total },
} as const
const surplusVoided = {
  type: 'PaymentVoided',
  data: { orderId: 'O-1', paymentId: 'PAY-2', amount: total },
} as const

describe('recordVoided', () => {
  it('gives back the payment of a cancelled order, once', () => {
    expect(given(...stories.cancelled).when(giveBack)).toEqual({ ok: true, value: [voided] })
    expect(given(...stories.cancelled, voided).when(giveBack)).toEqual({ ok: true, value: [] })
  })

  it('gives back a surplus payment while the order goes on, once', () => {
    const command = { ...giveBack, paymentId: 'PAY-2' }
    expect(given(...stories.fulfilled, surplus).when(command)).toEqual({ ok: true, value: [surplusVoided] })
    expect(given(...stories.fulfilled, surplus, surplusVoided).when(command)).toEqual({ ok: true, value: [] })
  })

  it.each([
    ['created', 'PAYMENT_MISMATCH'],
    ['processed', 'TOO_EARLY'],
    ['fulfilled', 'TOO_EARLY'],
    ['cancelledUnpaid', 'PAYMENT_MISMATCH'],
  ] as const)('is refused when %s: %s', (story, code) => {
    expect(given(...stories[story]).when(giveBack)).toMatchObject({ ok: false, error: { code } })
  })
})
