import { describe, expect, it } from '@jest/globals'
import { aCart, prices } from './ada-cart.fixture.ts'
import { priceCart } from './price-cart.ts'

describe('priceCart', () => {
  it('adds up lines, shipping and the tax contained', () => {
    expect(priceCart(aCart, prices)).toMatchObject({
      subtotal: { minor: 4_000, currency: 'EUR' },
      options: {
        // 45.90 × 22 / 122
        DELIVERY: { shipping: { minor: 590 }, total: { minor: 4_590 }, tax: { minor: 828 } },
        PICKUP: { shipping: { minor: 0 }, total: { minor: 4_000 }, tax: { minor: 721 } },
      },
      warnings: [],
    })
  })

  it('ships for nothing from the threshold on, and an empty cart as well', () => {
    const many = { ...aCart, lines: aCart.lines.map((line) => ({ ...line, quantity: 4 })) }
    expect(priceCart(many, prices).options.DELIVERY.shipping.minor).toBe(0)
    expect(priceCart({ ...aCart, lines: [] }, prices).options.DELIVERY.total.minor).toBe(0)
  })

  it('leaves out what is not sold any more, and says so', () => {
    const priced = priceCart(aCart, new Map([...prices].filter(([sku]) => sku !== 'MUG-1')))
    expect(priced.subtotal.minor).toBe(3_000)
    expect(priced.warnings).toEqual([expect.objectContaining({ code: 'NOT_SOLD', lineId: 'L2' })])
  })

  it('says which price went up and which went down', () => {
    const seen = { ...aCart, lines: aCart.lines.map((line, i) => ({ ...line, seenMinor: i ? 2_000 : 100 })) }
    const warnings = priceCart(seen, prices).warnings
    expect(warnings.map((warning) => warning.message)).toEqual([
      'Shirt costs more than when you put it into the cart.',
      'Mug costs less than when you put it into the cart.',
    ])
  })
})
