import { describe, expect, it } from '@jest/globals'
import { given, stories } from './ada-order.fixture.ts'

const lapse = { type: 'endForLapse' } as const
const ended = {
  ok: true,
  value: [{ type: 'OrderCancelled', data: { orderId: 'O-1', reason: 'NO_STOCK', paymentId: 'PAY-1' } }],
}

describe('stock that was held too long', () => {
  it.each(['processed', 'prepared', 'cancelAsked'] as const)('ends an order that is %s', (story) => {
    expect(given(...stories[story]).when(lapse)).toEqual(ended)
  })

  it('changes nothing once the order ended', () => {
    expect(given(...stories.cancelled).when(lapse)).toEqual({ ok: true, value: [] })
  })

  it('cannot have happened yet before it was held', () => {
    expect(given(...stories.created).when(lapse)).toMatchObject({ error: { code: 'TOO_EARLY' } })
  })

  it.each(['partlyShipped', 'fulfilled'] as const)('cannot be of an order that is %s', (story) => {
    expect(given(...stories[story]).when(lapse)).toMatchObject({
      error: { code: 'STOCK_LAPSED_AFTER_SHIPPED' },
    })
  })
})
