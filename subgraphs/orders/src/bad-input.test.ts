import { describe, expect, it } from '@jest/globals'
import { cartCreate, cartUpdate, checkout, filledCart, seeCart, toTurin } from './shop-talk.fixture.ts'
import { openTestOrders } from './test-orders.fixture.ts'

describe('a cart says no, with a code and where', () => {
  it.each([
    [
      'quantity 0',
      { addLine: { sku: 'MUG-1', quantity: 0 } },
      'QUANTITY_OUT_OF_RANGE',
      ['actions', '0', 'addLine', 'quantity'],
    ],
    [
      'quantity −1',
      { setQuantity: { lineId: 'L1', quantity: -1 } },
      'QUANTITY_OUT_OF_RANGE',
      ['actions', '0', 'setQuantity', 'quantity'],
    ],
    [
      'quantity 10⁹',
      { setQuantity: { lineId: 'L1', quantity: 1e9 } },
      'QUANTITY_OUT_OF_RANGE',
      ['actions', '0', 'setQuantity', 'quantity'],
    ],
    [
      '999 more of one',
      { addLine: { sku: 'MUG-1', quantity: 999 } },
      'QUANTITY_OUT_OF_RANGE',
      ['actions', '0', 'addLine', 'quantity'],
    ],
    ['an unknown SKU', { addLine: { sku: 'NO-1' } }, 'UNKNOWN_SKU', ['actions', '0', 'addLine', 'sku']],
    [
      'an unknown line',
      { removeLine: { lineId: 'L9' } },
      'UNKNOWN_LINE',
      ['actions', '0', 'removeLine', 'lineId'],
    ],
  ])('%s', async (_, action, code, path) => {
    await using shop = await openTestOrders()
    const cartId = await filledCart(shop)
    const before = await seeCart(shop, cartId)
    const answer = await cartUpdate(shop, { cartId, actions: [action] })
    expect(answer.userErrors).toEqual([expect.objectContaining({ code, path })])
    expect(answer.cart).toEqual(before)
  })

  it('tells the limits', async () => {
    await using shop = await openTestOrders()
    const { userErrors } = await cartCreate(shop, { lines: [{ sku: 'MUG-1', quantity: 1000 }] })
    const limits = {
      __typename: 'CartQuantityOutOfRange',
      min: 1,
      max: 999,
      path: ['lines', '0', 'quantity'],
    }
    expect(userErrors).toEqual([expect.objectContaining(limits)])
  })

  it.each([0, 51])('%d changes at once', async (count) => {
    await using shop = await openTestOrders()
    const cartId = await filledCart(shop)
    const actions = Array.from({ length: count }, () => ({ addLine: { sku: 'MUG-1' } }))
    const { userErrors } = await cartUpdate(shop, { cartId, actions })
    expect(userErrors).toEqual([expect.objectContaining({ code: 'QUANTITY_OUT_OF_RANGE', min: 1, max: 50 })])
  })

  it('a line too many', async () => {
    await using shop = await openTestOrders()
    const prices = Array.from({ length: 91 }, (_, i) => ({
      sku: `S-${i}`,
      market: 'IT',
      minor: 100,
      currency: 'EUR',
      productId: 'P',
      name: 'S',
    }))
    const { importPrices } = await import('./import.ts')
    await importPrices(shop.store, prices)
    const lines = prices.map(({ sku }) => ({ addLine: { sku } }))
    const { cart } = await cartCreate(shop, {})
    await cartUpdate(shop, { cartId: cart?.id, actions: lines.slice(0, 50) })
    await cartUpdate(shop, { cartId: cart?.id, actions: lines.slice(50, 90) })
    const { userErrors } = await cartUpdate(shop, { cartId: cart?.id, actions: lines.slice(90) })
    expect(userErrors).toEqual([expect.objectContaining({ code: 'QUANTITY_OUT_OF_RANGE', max: 90 })])
  })

  it('changes nothing when one of several changes is wrong, and names each', async () => {
    await using shop = await openTestOrders()
    const cartId = await filledCart(shop)
    const before = await seeCart(shop, cartId)
    const actions = [
      { addLine: { sku: 'MUG-1' } },
      { addLine: { sku: 'NO-1' } },
      { setQuantity: { lineId: 'L1', quantity: 0 } },
    ]
    const { userErrors } = await cartUpdate(shop, { cartId, actions })
    expect(userErrors.map((error) => error.code)).toEqual(['UNKNOWN_SKU', 'QUANTITY_OUT_OF_RANGE'])
    expect(await seeCart(shop, cartId)).toEqual(before)
  })

  it.each([
    ['an unknown market', { market: 'XX' }, 'UNKNOWN_MARKET'],
    ['another currency than the market', { market: 'IT', currency: 'GBP' }, 'CURRENCY_MISMATCH'],
    ['a SKU that this market does not sell', { market: 'GB', lines: [{ sku: 'MUG-1' }] }, 'UNKNOWN_SKU'],
  ])('%s', async (_, input, code) => {
    await using shop = await openTestOrders()
    expect(await cartCreate(shop, input)).toMatchObject({ cart: null, userErrors: [{ code }] })
  })

  it.each(['C-unknown', 'gid://orders/Order/O-1', '', 'x'.repeat(5_000), '../../etc'])(
    'no cart %#',
    async (cartId) => {
      await using shop = await openTestOrders()
      const answer = await cartUpdate(shop, { cartId, actions: [{ acceptPrices: true }] })
      expect(answer).toMatchObject({ cart: null, userErrors: [{ code: 'CART_NOT_FOUND' }] })
      expect(await seeCart(shop, cartId)).toBeNull()
    },
  )

  it.each([
    ['1.5 of something', { lines: [{ sku: 'MUG-1', quantity: 1.5 }] }],
    ['a word for a number', { lines: [{ sku: 'MUG-1', quantity: 'two' }] }],
    ['an unknown currency', { currency: 'XXX' }],
    ['an unknown field', { colour: 'red' }],
  ])('%s is no request at all', async (_, input) => {
    await using shop = await openTestOrders()
    await expect(cartCreate(shop, input)).rejects.toThrow('BAD_REQUEST')
  })

  it('two changes in one are no request at all', async () => {
    await using shop = await openTestOrders()
    const cartId = await filledCart(shop)
    const action = { addLine: { sku: 'MUG-1' }, removeLine: { lineId: 'L1' } }
    await expect(cartUpdate(shop, { cartId, actions: [action] })).rejects.toThrow('BAD_REQUEST')
  })
})

describe('a checkout says no, with a code and where, and the cart stays open', () => {
  const address = toTurin.address
  it.each([
    ['no key', { idempotencyKey: null }, 'IDEMPOTENCY_KEY_REQUIRED', ['idempotencyKey']],
    ['a key that is none', { idempotencyKey: ' ' }, 'IDEMPOTENCY_KEY_INVALID', ['idempotencyKey']],
    ['a malformed e-mail', { email: 'ada@' }, 'EMAIL_INVALID', ['email']],
    ['an endless e-mail', { email: `${'a'.repeat(250)}@example.test` }, 'EMAIL_INVALID', ['email']],
    ['no address', { delivery: { method: 'DELIVERY' } }, 'ADDRESS_MISSING', ['delivery', 'address']],
    [
      'an empty city',
      { delivery: { method: 'DELIVERY', address: { ...address, city: ' ' } } },
      'ADDRESS_INVALID',
      ['delivery', 'address', 'city'],
    ],
    [
      'a long second line',
      { delivery: { method: 'DELIVERY', address: { ...address, line2: 'x'.repeat(101) } } },
      'ADDRESS_INVALID',
      ['delivery', 'address', 'line2'],
    ],
    [
      'an unknown country',
      { delivery: { method: 'DELIVERY', address: { ...address, country: 'XX' } } },
      'COUNTRY_NOT_SERVED',
      ['delivery', 'address', 'country'],
    ],
    ['no store', { delivery: { method: 'PICKUP' } }, 'LOCATION_MISSING', ['delivery', 'locationId']],
    ['a store of no name', { delivery: atPlace('') }, 'LOCATION_MISSING', ['delivery', 'locationId']],
    ['a place that is none', { delivery: atPlace('NOPE') }, 'UNKNOWN_LOCATION', ['delivery', 'locationId']],
    ['a warehouse', { delivery: atPlace('DC-TURIN') }, 'UNKNOWN_LOCATION', ['delivery', 'locationId']],
    ['no id at all', { delivery: atPlace('a b') }, 'UNKNOWN_LOCATION', ['delivery', 'locationId']],
    ['no payment', { paymentToken: '' }, 'PAYMENT_TOKEN_INVALID', ['paymentToken']],
    ['a card number', { paymentToken: '4111111111111111' }, 'PAYMENT_TOKEN_INVALID', ['paymentToken']],
    [
      'another currency',
      { expectedTotal: { amountMinor: '4590', currency: 'GBP' } },
      'CURRENCY_MISMATCH',
      ['expectedTotal'],
    ],
    [
      'a total below nothing',
      { expectedTotal: { amountMinor: '-1', currency: 'EUR' } },
      'AMOUNT_INVALID',
      ['expectedTotal', 'amountMinor'],
    ],
    [
      'another total',
      { expectedTotal: { amountMinor: '1', currency: 'EUR' } },
      'PRICE_CHANGED',
      ['expectedTotal'],
    ],
  ])('%s', async (_, input, code, path) => {
    await using shop = await openTestOrders()
    const cartId = await filledCart(shop)
    const answer = await checkout(shop, { cartId, idempotencyKey: 'k', ...input })
    expect(answer.order).toBeNull()
    expect(answer.userErrors).toEqual([expect.objectContaining({ code, path })])
    await shop.settle()
    expect(shop.bank.entries).toEqual([])
    expect((await checkout(shop, { cartId, idempotencyKey: 'k' })).order?.status).toBe('CREATED')
  })

  it('says what a pickup needs, and what came', async () => {
    await using shop = await openTestOrders()
    const cartId = await filledCart(shop)
    const messages = async (delivery: object): Promise<readonly string[]> =>
      (await checkout(shop, { cartId, idempotencyKey: 'k', delivery })).userErrors.map(
        (error) => error.message,
      )
    expect(await messages({ method: 'PICKUP' })).toEqual([
      'Picking up needs a store, none came. Give the locationId of one that locations(kind: STORE) lists.',
    ])
    expect(await messages(atPlace('NOPE'))).toEqual([
      'Expected a store where goods are picked up, got "NOPE". Give the locationId of one that locations(kind: STORE) lists.',
    ])
  })

  it('names everything that is wrong at once', async () => {
    await using shop = await openTestOrders()
    const { cart } = await cartCreate(shop, {})
    const wrong = {
      cartId: cart?.id,
      idempotencyKey: 'k',
      email: 'x',
      paymentToken: '',
      delivery: { method: 'PICKUP' },
    }
    const { userErrors } = await checkout(shop, wrong)
    const codes = ['EMAIL_INVALID', 'PAYMENT_TOKEN_INVALID', 'CART_EMPTY', 'LOCATION_MISSING']
    expect(userErrors.map((error) => error.code)).toEqual(codes)
  })

  it('an unknown cart', async () => {
    await using shop = await openTestOrders()
    const answer = await checkout(shop, { cartId: 'C-unknown', idempotencyKey: 'k' })
    expect(answer).toMatchObject({ order: null, userErrors: [{ code: 'CART_NOT_FOUND', path: ['cartId'] }] })
  })

  it('a cart that became an order, whatever is done with it', async () => {
    await using shop = await openTestOrders()
    const cartId = await filledCart(shop)
    const { order } = await checkout(shop, { cartId, idempotencyKey: 'k' })
    const taken = { code: 'CART_ALREADY_CHECKED_OUT', orderId: order?.orderId }
    expect(await checkout(shop, { cartId, idempotencyKey: 'other' })).toMatchObject({ userErrors: [taken] })
    expect(await cartUpdate(shop, { cartId, actions: [{ acceptPrices: true }] })).toMatchObject({
      userErrors: [taken],
    })
  })
})

function atPlace(locationId: string): object {
  return { method: 'PICKUP', locationId }
}
