import { describe, expect, it } from '@jest/globals'
import { adaOrder, created, given, stories } from './ada-order.fixture.ts'
import { totalsAddUp } from './place-order.ts'

describe('placeOrder', () => {
  it('creates an order that is not there', () => {
    expect(given().when({ type: 'placeOrder', order: adaOrder })).toEqual({ ok: true, value: [created] })
  })

  it('refuses an id that is taken', () => {
    const decided = given(...stories.created).when({ type: 'placeOrder', order: adaOrder })
    expect(decided).toMatchObject({ ok: false, error: { code: 'ORDER_EXISTS' } })
  })

  it('takes totals that do not add up for a bug', () => {
    const order = { ...adaOrder, total: { minor: 1, currency: 'EUR' as const } }
    expect(() => given().when({ type: 'placeOrder', order })).toThrow('its lines plus shipping')
  })

  it('wants one currency, whole lines and no negative amounts', () => {
    const [line] = adaOrder.lines
    expect(totalsAddUp(adaOrder)).toBe(true)
    expect(totalsAddUp({ ...adaOrder, shipping: { minor: 590, currency: 'GBP' } })).toBe(false)
    expect(totalsAddUp({ ...adaOrder, lines: line ? [line] : [] })).toBe(false)
    expect(
      totalsAddUp({
        ...adaOrder,
        shipping: { minor: -1, currency: 'EUR' },
        total: { minor: 3_999, currency: 'EUR' },
      }),
    ).toBe(false)
  })
})
