import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { aCart, prices } from './ada-cart.fixture.ts'
import { type CartAction, changeCart } from './change-cart.ts'

describe('changeCart', () => {
  it('adds to a line that is there, and gives a new SKU a line of its own', () => {
    const changed = changeCart(
      aCart,
      [
        { type: 'addLine', sku: 'TEE-1', quantity: 3 },
        { type: 'addLine', sku: 'HAT-1', quantity: 1 },
      ],
      prices,
    )
    expect(changed).toMatchObject({
      ok: true,
      value: {
        lines: [
          { lineId: 'L1', sku: 'TEE-1', quantity: 5 },
          { lineId: 'L2', sku: 'MUG-1', quantity: 1 },
          { lineId: 'L3', sku: 'HAT-1', quantity: 1, seenMinor: 2_000 },
        ],
        nextLine: 4,
      },
    })
  })

  it('never gives the name of a line that was taken out to another', () => {
    const changed = changeCart(
      aCart,
      [
        { type: 'removeLine', lineId: 'L2' },
        { type: 'addLine', sku: 'MUG-1', quantity: 1 },
      ],
      prices,
    )
    expect(changed).toMatchObject({
      ok: true,
      value: { lines: [{ lineId: 'L1' }, { lineId: 'L3', sku: 'MUG-1' }] },
    })
  })

  it('takes the price of a line for seen when that line changes, and no other', () => {
    const dearer = new Map(
      [...prices].map(([sku, price]) => [sku, { ...price, amount: { ...price.amount, minor: 9 } }]),
    )
    const changed = changeCart(aCart, [{ type: 'setQuantity', lineId: 'L1', quantity: 1 }], dearer)
    expect(changed).toMatchObject({ ok: true, value: { lines: [{ seenMinor: 9 }, { seenMinor: 1_000 }] } })
    const accepted = changeCart(aCart, [{ type: 'acceptPrices' }], dearer)
    expect(accepted).toMatchObject({ ok: true, value: { lines: [{ seenMinor: 9 }, { seenMinor: 9 }] } })
  })

  it('keeps every cart within its limits, each SKU once, each line with a name of its own', () => {
    const quantity = fc.integer({ min: -2, max: 1_100 })
    const lineId = fc.constantFrom('L1', 'L2', 'L3', 'L4')
    const action: fc.Arbitrary<CartAction> = fc.oneof(
      fc.record({
        type: fc.constant('addLine' as const),
        sku: fc.constantFrom('TEE-1', 'MUG-1', 'HAT-1', 'NO-1'),
        quantity,
      }),
      fc.record({ type: fc.constant('setQuantity' as const), lineId, quantity }),
      fc.record({ type: fc.constant('removeLine' as const), lineId }),
    )
    fc.assert(
      fc.property(fc.array(fc.array(action, { maxLength: 3 }), { maxLength: 20 }), (rounds) => {
        let cart = aCart
        for (const actions of rounds) {
          const changed = changeCart(cart, actions, prices)
          if (changed.ok) cart = changed.value
        }
        const unique = (values: readonly string[]): boolean => new Set(values).size === values.length
        expect(cart.lines.every((line) => line.quantity >= 1 && line.quantity <= 999)).toBe(true)
        expect(unique(cart.lines.map((line) => line.sku))).toBe(true)
        expect(unique(cart.lines.map((line) => line.lineId))).toBe(true)
      }),
    )
  })
})
