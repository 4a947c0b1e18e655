import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Shop } from '@stoa/app/shop'
import { fillCart } from '../support/buy.ts'
import { JUMPER } from '../support/goods.ts'
import { openTestShop, signedIn } from '../support/test-shop.ts'

let shop: Shop
beforeAll(async () => {
  shop = await openTestShop()
})
afterAll(async () => await shop[Symbol.asyncDispose]())

interface Answer {
  readonly status: number
  readonly code: unknown
  readonly message: unknown
}

async function post(body: string, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${shop.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    body,
  })
  const { errors } = await response.json()
  return { status: response.status, code: errors?.[0]?.extensions?.code, message: errors?.[0]?.message }
}

const query = (text: string, variables: object = {}): string => JSON.stringify({ query: text, variables })

describe('a request that cannot be answered gets a status, a code and a message', () => {
  const cases: readonly (readonly [string, string, Record<string, string>, number, string])[] = [
    ['malformed JSON', '{"query": ', {}, 400, 'JSON_INVALID'],
    ['a wrong content type', '{}', { 'content-type': 'text/plain' }, 415, 'MEDIA_TYPE_UNSUPPORTED'],
    ['no query at all', '{}', {}, 400, 'REQUEST_INVALID'],
    ['text that is no GraphQL', query('{ products('), {}, 400, 'DOCUMENT_UNPARSABLE'],
    ['an unknown field', query('{ products(first: 1) { nodes { nmae } } }'), {}, 400, 'DOCUMENT_INVALID'],
    [
      'a missing variable',
      query('query Q($sku: String!) { variant(sku: $sku) { sku } }'),
      {},
      400,
      'VARIABLES_INVALID',
    ],
    [
      'a null variable',
      query('query Q($sku: String!) { variant(sku: $sku) { sku } }', { sku: null }),
      {},
      400,
      'VARIABLES_INVALID',
    ],
    [
      'an unknown market',
      query('query Q @inContext(market: "XX") { products(first: 1) { nodes { id } } }'),
      {},
      400,
      'MARKET_UNKNOWN',
    ],
    [
      'an unknown document id',
      JSON.stringify({ documentId: `sha256:${'0'.repeat(64)}` }),
      {},
      404,
      'DOCUMENT_NOT_FOUND',
    ],
    [
      'a token that is none',
      query('{ products(first: 1) { nodes { id } } }'),
      { authorization: 'Bearer abc' },
      401,
      'UNAUTHENTICATED',
    ],
  ]
  it.each(cases)('%s', async (_name, body, headers, status, code) => {
    const answer = await post(body, headers)
    expect(answer).toMatchObject({ status, code })
    expect(String(answer.message).length).toBeGreaterThan(10)
  })

  it('an expired token', async () => {
    const token = await shop.edge.identity.issuer.mintToken({
      sub: 'CU-ada',
      kind: 'customer',
      scopes: [],
      ttlSeconds: -60,
    })
    const answer = await post(query('{ me { name } }'), { authorization: `Bearer ${token}` })
    expect(answer).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
    expect(String(answer.message)).toMatch(/expired/i)
  })
})

describe('a hostile document is refused before it costs anything', () => {
  // Each fragment asks for the next one twice: a million fields out of 905 bytes.
  const bomb = Array.from({ length: 20 }, (_, i) => {
    const inner = i < 19 ? `...F${i + 1}` : 'name'
    return `fragment F${i} on Category{parent{${inner}} b:parent{${inner}}}`
  })
  const cases: readonly (readonly [string, string])[] = [
    ['20 nested fragments', `{products(first:1){nodes{category{...F0}}}}${bomb.join('')}`],
    ['1,000 repeats of one field', `{${'products(first:1){nodes{id}}'.repeat(1000)}}`],
    ['depth 3,000', `{products(first:1){nodes${'{category'.repeat(3000)}${'}'.repeat(3000)}}}`],
    ['10,000 directives', `{products(first:1)${'@skip(if:false)'.repeat(10_000)}{nodes{id}}}`],
    ['a megabyte of names', `{${'a '.repeat(500_000)}}`],
  ]
  it.each(cases)('%s', async (_name, text) => {
    const { status, code } = await post(query(text))
    expect([400, 413]).toContain(status)
    expect(code).toMatch(/^(TOO_|BODY_TOO_LARGE)/)
  })
})

describe('a command that cannot be done is refused in words, and changes nothing', () => {
  const cart = (lines: string): string =>
    `mutation { cartCreate(input: { lines: [${lines}] }) { cart { id } userErrors { code message path } } }`
  async function refusal(text: string): Promise<unknown> {
    const response = await fetch(`${shop.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: query(text),
    })
    const { data, errors } = await response.json()
    return errors?.[0]?.extensions?.code ?? data?.cartCreate?.userErrors?.[0]?.code
  }

  it.each([
    ['quantity 0', cart(`{ sku: "${JUMPER}", quantity: 0 }`), 'QUANTITY_OUT_OF_RANGE'],
    ['quantity −1', cart(`{ sku: "${JUMPER}", quantity: -1 }`), 'QUANTITY_OUT_OF_RANGE'],
    ['quantity 1.5', cart(`{ sku: "${JUMPER}", quantity: 1.5 }`), 'DOCUMENT_INVALID'],
    ['quantity 10⁹', cart(`{ sku: "${JUMPER}", quantity: 1000000000 }`), 'QUANTITY_OUT_OF_RANGE'],
    ['an unknown SKU', cart('{ sku: "NO-SUCH-THING", quantity: 1 }'), 'UNKNOWN_SKU'],
    [
      'another currency than the market',
      'mutation { cartCreate(input: { currency: GBP }) { cart { id } userErrors { code } } }',
      'CURRENCY_MISMATCH',
    ],
  ])('%s', async (_name, text, code) => {
    expect(await refusal(text)).toBe(code)
  })

  it('a checkout without a key', async () => {
    const ada = signedIn(shop, 'ada')
    const cartId = await fillCart(ada, JUMPER, 1)
    const text = `mutation { checkoutSubmit(input: { cartId: "${cartId}", email: "ada@example.test", paymentToken: "tok_visa", delivery: { method: PICKUP, locationId: "ST-MIL" } }) { order { id } userErrors { code } } }`
    const response = await fetch(`${shop.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${shop.edge.identity.tokens['ada']}`,
      },
      body: query(text),
    })
    const { data } = await response.json()
    expect(data.checkoutSubmit).toMatchObject({
      order: null,
      userErrors: [{ code: 'IDEMPOTENCY_KEY_REQUIRED' }],
    })
  })

  it('a list longer than 100, or of nothing', async () => {
    for (const first of [0, -1, 101]) {
      expect(await post(query(`{ products(first: ${first}) { nodes { id } } }`))).toMatchObject({
        code: 'BAD_REQUEST',
      })
    }
  })
})
