import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { totalsAddUp } from '../order/place-order.ts'
import { aCart, prices } from './ada-cart.fixture.ts'
import { type CheckOutRequest, checkOut } from './check-out.ts'

const request: CheckOutRequest = {
  orderId: 'O-1',
  orderNumber: '481-209-3375',
  customerId: 'CU-ADA',
  email: ' ada@example.test ',
  language: 'it',
  delivery: {
    method: 'DELIVERY',
    address: { name: 'Ada', line1: 'Via Roma 1', postalCode: '10121', city: ' Torino ', country: 'it' },
  },
  isStore: false,
  paymentToken: 'tok_ada',
}

describe('checkOut', () => {
  it('makes an order of what is in the cart, at today’s prices, tidied up', () => {
    const order = checkOut(aCart, prices, request)
    expect(order).toMatchObject({
      ok: true,
      value: {
        email: 'ada@example.test',
        market: 'IT',
        total: { minor: 4_590, currency: 'EUR' },
        delivery: { address: { city: 'Torino', country: 'IT' } },
        lines: [{ name: 'Shirt', total: { minor: 3_000 } }, { name: 'Mug' }],
      },
    })
  })

  it('never makes an order whose totals do not add up', () => {
    const line = fc.record({
      quantity: fc.integer({ min: 1, max: 999 }),
      minor: fc.integer({ min: 0, max: 10_000_000_000 }),
    })
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 100 }), (drawn) => {
        const named = drawn.map((each, i) => ({ ...each, sku: `S-${i}`, lineId: `L${i}` }))
        const lines = named.map(({ sku, lineId, quantity, minor }) => ({
          sku,
          lineId,
          quantity,
          seenMinor: minor,
        }))
        const list = new Map(
          named.map(({ sku, minor }) => [
            sku,
            { amount: { minor, currency: 'EUR' as const }, productId: 'P', name: sku },
          ]),
        )
        const order = checkOut({ ...aCart, lines }, list, request)
        expect(order.ok && totalsAddUp(order.value)).toBe(true)
      }),
    )
  })

  it('refuses what is not sold any more', () => {
    const order = checkOut(aCart, new Map(), request)
    expect(order).toMatchObject({
      ok: false,
      error: [{ code: 'UNKNOWN_SKU', sku: 'TEE-1' }, { code: 'UNKNOWN_SKU' }],
    })
  })

  it('refuses a cart that became an order', () => {
    const order = checkOut({ ...aCart, status: 'CHECKED_OUT', orderId: 'O-7' }, prices, request)
    expect(order).toMatchObject({ ok: false, error: [{ code: 'CART_ALREADY_CHECKED_OUT', orderId: 'O-7' }] })
  })
})
