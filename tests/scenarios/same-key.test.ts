import { describe, expect, it } from '@jest/globals'
import { fillCart, submit, untilFact } from '../support/buy.ts'
import { JUMPER } from '../support/goods.ts'
import { openTestShop, settle, signedIn } from '../support/test-shop.ts'

describe('one idempotency key', () => {
  it('sent 50 times at once makes one order, one charge, and gives the same answer each time', async () => {
    await using shop = await openTestShop()
    const ada = signedIn(shop, 'ada')
    const cartId = await fillCart(ada, JUMPER, 1)
    const answers = await Promise.all(Array.from({ length: 50 }, () => submit(ada, cartId, { key: 'fifty' })))
    const first = answers[0]
    expect(first?.order).not.toBeNull()
    for (const answer of answers) expect(answer).toEqual(first)
    await untilFact(ada, first?.order?.id ?? '', 'OrderPosted')
    await settle(shop)
    expect(shop.simulators?.payment.ledger().map((entry) => entry.state)).toEqual(['authorised', 'captured'])
    expect(await submit(ada, cartId, { key: 'fifty' })).toEqual(first)
  })

  it('with another body is refused', async () => {
    await using shop = await openTestShop()
    const ada = signedIn(shop, 'ada')
    const cartId = await fillCart(ada, JUMPER, 1)
    await submit(ada, cartId, { key: 'reused' })
    const again = await submit(ada, cartId, { key: 'reused', paymentToken: 'tok_other' })
    expect(again).toMatchObject({ order: null, userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] })
  })
})
