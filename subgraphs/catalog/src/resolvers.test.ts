import { describe, expect, it } from '@jest/globals'
import { openCatalogBench } from './catalog-bench.fixture.ts'

const CARD = `id productId handle name brand version image { url alt } priceFrom { amountMinor currency exponent amount }
  category { handle parent { name } } variants { totalCount nodes { id sku name price { amount } } }`

describe('browsing the catalogue', () => {
  it('answers the first query of the README', async () => {
    await using bench = await openCatalogBench()
    const { data, errors } = await bench.ask('{ products(first: 2) { nodes { id name } } }')
    expect(errors).toBeUndefined()
    expect(data).toEqual({
      products: {
        nodes: [
          { id: 'gid://catalog/Product/P-FELL', name: 'Fell Jumper' },
          { id: 'gid://catalog/Product/P-ELBA', name: 'Elba Oxford Shirt' },
        ],
      },
    })
  })

  it('shows a product with its prices in the market of the request', async () => {
    await using bench = await openCatalogBench()
    const query = `{ product(handle: "arno-linen-shirt") { ${CARD} } }`
    const { data } = await bench.ask(query, { context: { market: 'GB' } })
    expect(data?.['product']).toMatchObject({
      productId: 'P-ARNO',
      version: 1,
      image: { url: '/images/P-ARNO.svg', alt: 'Arno Linen Shirt' },
      priceFrom: { amountMinor: '4900', currency: 'GBP', exponent: 2, amount: '49.00' },
      category: { handle: 'shirts', parent: { name: 'Clothing' } },
      variants: { totalCount: 3, nodes: [{ sku: 'ARNO-NAVY-S', price: { amount: '69.00' } }, {}, {}] },
    })
  })

  it('has no price where a product is not sold, and all prices by market', async () => {
    await using bench = await openCatalogBench()
    const { data } = await bench.ask(
      '{ variant(sku: "JURA-1") { price { amount } prices { market price { amount } } product { priceFrom { amount } } } }',
    )
    expect(data?.['variant']).toEqual({
      price: null,
      prices: [{ market: 'DE', price: { amount: '39.00' } }],
      product: { priceFrom: null },
    })
  })

  it('lets one query select all kinds of attributes', async () => {
    await using bench = await openCatalogBench()
    const { data } =
      await bench.ask(`{ product(productId: "P-JURA") { attributes { name label display __typename
      ... on TextAttribute { text } ... on NumberAttribute { number unit } ... on BooleanAttribute { boolean } ... on ChoiceAttribute { choice } } } }`)
    expect(data?.['product']).toMatchObject({
      attributes: [
        { __typename: 'TextAttribute', display: 'oiled walnut', text: 'oiled walnut' },
        { __typename: 'NumberAttribute', display: '1.2 kg', number: 1.2, unit: 'kg' },
        { __typename: 'BooleanAttribute', display: 'no', boolean: false },
        { __typename: 'ChoiceAttribute', display: 'Switzerland', choice: 'ch' },
      ],
    })
  })

  it('shows the tree of categories', async () => {
    await using bench = await openCatalogBench()
    const { data } = await bench.ask(
      '{ categories { handle children { handle } } category(handle: "shirts") { id description parent { handle } } nothing: category(handle: "hats") { id } }',
    )
    expect(data).toEqual({
      categories: [
        { handle: 'clothing', children: [{ handle: 'shirts' }, { handle: 'knitwear' }] },
        { handle: 'home', children: [] },
      ],
      category: {
        id: 'gid://catalog/Category/shirts',
        description: 'With a collar.',
        parent: { handle: 'clothing' },
      },
      nothing: null,
    })
  })

  it('suggests what leads somewhere', async () => {
    await using bench = await openCatalogBench()
    const { data } = await bench.ask(
      '{ searchSuggestions(text: "shir", first: 2) { text kind product { handle } category { handle } } }',
    )
    expect(data?.['searchSuggestions']).toMatchObject([
      { text: 'Shirts', kind: 'CATEGORY', product: null, category: { handle: 'shirts' } },
      { kind: 'PRODUCT', category: null, product: { handle: expect.stringMatching(/shirt$/) } },
    ])
  })

  it('resolves references by every key, in one read each, and misses as null', async () => {
    await using bench = await openCatalogBench()
    const representations = [
      { __typename: 'Product', id: 'gid://catalog/Product/P-ARNO' },
      { __typename: 'Product', productId: 'P-ELBA' },
      { __typename: 'ProductVariant', sku: 'FELL-NAVY-M' },
      { __typename: 'ProductVariant', id: 'gid://catalog/ProductVariant/ELBA-RED-M' },
      { __typename: 'ProductVariant', sku: 'NO-SUCH' },
      { __typename: 'Category', handle: 'home' },
    ]
    bench.storeCalls()
    const { data } = await bench.ask(
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Product { name } ... on ProductVariant { name product { name } } ... on Category { name } } }',
      { variables: { r: representations } },
    )
    expect(data?.['_entities']).toEqual([
      { name: 'Arno Linen Shirt' },
      { name: 'Elba Oxford Shirt' },
      { name: 'Navy, M', product: { name: 'Fell Jumper' } },
      { name: 'Red, M', product: { name: 'Elba Oxford Shirt' } },
      null,
      { name: 'Home' },
    ])
    // SKUs, products known by their own key, products found by SKU, categories.
    expect(bench.storeCalls()).toBeLessThanOrEqual(4)
  })

  it('costs two store calls a page, however long the page', async () => {
    await using bench = await openCatalogBench()
    const query = `query ($first: Int) { products(first: $first) { totalCount facets { name values { value count } } nodes { ${CARD} } } }`
    const cost = async (first: number): Promise<number> => {
      bench.storeCalls()
      const { errors } = await bench.ask(query, { variables: { first } })
      expect(errors).toBeUndefined()
      return bench.storeCalls()
    }
    expect(await cost(1)).toBe(2)
    expect(await cost(100)).toBe(2)
  })
})
