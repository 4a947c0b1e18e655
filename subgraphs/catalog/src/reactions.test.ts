import { describe, expect, it } from '@jest/globals'
import type { Envelope } from '@stoa/platform/event'
import type { DeadLetter } from '@stoa/platform/event-bus'
import { type CatalogBench, eventually, openCatalogBench } from './catalog-bench.fixture.ts'

function erpPrice(
  minor: number,
  more: Partial<Record<'sku' | 'market' | 'currency', string>> = {},
): Envelope['data'] {
  const { sku = 'ARNO-RED-S', market = 'IT', currency = 'EUR' } = more
  return { sku, market, price: { minor, currency } }
}

async function deadLetters(bench: CatalogBench, count: number): Promise<readonly DeadLetter[]> {
  return await eventually(async () => {
    const letters = await bench.bus.deadLetters()
    return letters.length >= count ? letters : undefined
  })
}

async function priceFrom(bench: CatalogBench): Promise<unknown> {
  const { data } = await bench.ask(
    '{ product(productId: "P-ARNO") { priceFrom { amountMinor } name description } }',
  )
  return data?.['product']
}

describe('what the ERP says', () => {
  it('becomes a price, told with the ERP as its cause, and sorts the list anew', async () => {
    await using bench = await openCatalogBench()
    await bench.tell('ErpPriceChanged', erpPrice(12_900))
    await bench.tell('ErpPriceChanged', erpPrice(12_900, { sku: 'ARNO-NAVY-S' }))
    await bench.tell('ErpPriceChanged', erpPrice(12_900, { sku: 'ARNO-NAVY-M' }))
    const [told] = await bench.facts('PriceChanged', 3)
    expect(told).toMatchObject({ source: 'catalog', meta: { correlationId: 'erp-1', causationId: 'erp-1' } })
    await eventually(async () => {
      const { data } = await bench.ask(
        '{ products(first: 1, sort: PRICE_DESC) { nodes { productId priceFrom { amount } } } }',
      )
      return (
        JSON.stringify(data).includes('{"productId":"P-ARNO","priceFrom":{"amount":"129.00"}}') || undefined
      )
    })
  })

  it('changes words, and leaves alone what it does not mention', async () => {
    await using bench = await openCatalogBench()
    await bench.tell('ErpProductChanged', { productId: 'P-FELL', name: 'Fell Lambswool Jumper' })
    expect((await bench.facts('ProductChanged', 1))[0]?.data).toEqual({
      productId: 'P-FELL',
      name: 'Fell Lambswool Jumper',
      category: 'knitwear',
      skus: ['FELL-NAVY-M'],
    })
    const { data } = await bench.ask('{ product(productId: "P-FELL") { name description } }')
    expect(data?.['product']).toEqual({
      name: 'Fell Lambswool Jumper',
      description: 'A jumper to wear over a linen shirt.',
    })
  })

  it('has one effect however often it is told', async () => {
    await using bench = await openCatalogBench()
    await bench.tell('ErpPriceChanged', erpPrice(4_900))
    await bench.facts('PriceChanged', 1)
    await bench.tell('ErpPriceChanged', erpPrice(3_900, { market: 'DE' }))
    await bench.facts('PriceChanged', 2)
    expect(await bench.bus.replay({ consumer: 'catalog.erp-price' })).toBe(2)
    await bench.tell('ErpPriceChanged', erpPrice(5_000))
    await bench.facts('PriceChanged', 3)
    expect(await bench.store.load('product-P-ARNO')).toHaveLength(3)
  })

  it('does not undo what was set later', async () => {
    await using bench = await openCatalogBench()
    const now = Date.now()
    await bench.tell('ErpPriceChanged', erpPrice(4_900), { at: now })
    await bench.tell('ErpProductChanged', { productId: 'P-ARNO', name: 'New' }, { at: now })
    await bench.facts('PriceChanged', 1)
    await bench.facts('ProductChanged', 1)
    await bench.tell('ErpPriceChanged', erpPrice(9_900), { at: now - 1 })
    await bench.tell('ErpProductChanged', { productId: 'P-ARNO', name: 'Old' }, { at: now - 1 })
    await bench.tell('ErpPriceChanged', erpPrice(3_900, { market: 'DE' }), { at: now - 1 })
    await bench.facts('PriceChanged', 2)
    await bench.bus.idle()
    expect(await priceFrom(bench)).toMatchObject({ priceFrom: { amountMinor: '4900' }, name: 'New' })
  })

  it.each([
    ['another currency than the market\u2019s', erpPrice(4_900, { currency: 'CHF' }), 'CURRENCY_MISMATCH'],
    ['a negative price', erpPrice(-1), '-1'],
    ['an unknown SKU', erpPrice(4_900, { sku: 'HAT-1' }), 'UNKNOWN_SKU'],
    ['an unknown market', erpPrice(4_900, { market: 'FR' }), 'UNKNOWN_MARKET'],
    ['no price at all', { sku: 'ARNO-RED-S', market: 'IT' }, 'INVALID_EVENT'],
  ])('is kept as a dead letter at once when it is %s', async (_, data, why) => {
    await using bench = await openCatalogBench()
    await bench.tell('ErpPriceChanged', data)
    const [letter] = await deadLetters(bench, 1)
    expect(letter).toMatchObject({
      consumer: 'catalog.erp-price',
      attempts: 1,
      errorCode: 'BAD_REQUEST',
      exhausted: 'not_retryable',
    })
    expect(letter?.errorMessage).toContain(why)
    expect(letter?.event.data).toEqual(data)
    expect(await bench.store.load('product-P-ARNO')).toEqual([])
  })

  it('keeps an unknown product as a dead letter too', async () => {
    await using bench = await openCatalogBench()
    await bench.tell('ErpProductChanged', { productId: 'P-NONE', name: 'Hat' })
    const [letter] = await deadLetters(bench, 1)
    expect(letter).toMatchObject({
      consumer: 'catalog.erp-product',
      errorMessage: expect.stringContaining('PRODUCT_NOT_FOUND'),
    })
  })
})
