import { describe, expect, it } from '@jest/globals'
import type { PartOfGraph } from '../../test/fixture.ts'
import { type GatedShop, type Gates, openGatedShop } from '../../test/gated-shop.ts'
import { mergeParts } from '../../test/merge-parts.ts'

interface Ref {
  readonly id: string
}

const GOODS = [{ id: 'TEE' }, { id: 'MUG' }]

/** `name` is there at once; what has a gate is slow until the test lets it through. */
function goods({ pass }: Gates): Readonly<Record<string, PartOfGraph>> {
  return {
    catalog: {
      sdl: `
        type Query { goods: [Good!]! good(id: ID!): Good hours: String }
        type Mutation { rename(id: ID!, name: String!): Good }
        type Good @key(fields: "id") { id: ID! name: String price: Int size: Size weight: Int }
        type Size @shareable { w: Int h: Int }`,
      resolvers: {
        Query: {
          goods: () => GOODS,
          good: (_: unknown, { id }: Ref) => GOODS.find((one) => one.id === id),
          hours: () => pass('hours', '9 to 5'),
        },
        Mutation: {
          rename: (_: unknown, { id, name }: Ref & { name: string }) => pass(`rename ${name}`, { id }),
        },
        Good: {
          __resolveReference: ({ id }: Ref) => ({ id }),
          name: ({ id }: Ref) => `the ${id}`,
          price: ({ id }: Ref) => pass('price', id.length),
          size: () => ({ w: 1 }),
          weight: ({ id }: Ref) => pass('weight', id.length * 100),
        },
        Size: { h: () => pass('height', 2) },
      },
    },
    reviews: {
      sdl: `
        type Good @key(fields: "id") { id: ID! weight: Int @external
          reviews: [Review!] stars: Int! postage: Int @requires(fields: "weight") }
        type Review @key(fields: "id") { id: ID! text: String by: String! of: Good }`,
      resolvers: {
        Good: {
          reviews: ({ id }: Ref) => pass('reviews', [{ id: `${id}-1`, of: { id } }]),
          stars: ({ id }: Ref) => pass('stars', id === 'MUG' ? null : 5),
          postage: ({ weight }: { weight: number }) => weight / 100,
        },
        Review: {
          __resolveReference: (one: Ref) => one,
          text: ({ id }: Ref) => `about ${id}`,
          by: () => pass('by', 'ada'),
        },
      },
    },
  }
}

const SLOW = ['hours', 'price', 'weight', 'height', 'reviews', 'stars', 'by']

async function wholeAnswer(shop: GatedShop, query: string): Promise<unknown> {
  const answer = await shop.ask(query, { accept: 'application/json' })
  return await answer.next()
}

describe('what is deferred', () => {
  it('comes after the rest, which waits for no slow subgraph', async () => {
    await using shop = await openGatedShop(goods)
    const query = '{ goods { id name ... @defer(label: "said") { reviews { text } } } }'
    const answer = await shop.ask(query)
    expect(answer.type).toBe('multipart/mixed; boundary="-"; incrementalSpec=v0.2')
    const first = await answer.next()
    expect(first).toEqual({
      data: {
        goods: [
          { id: 'TEE', name: 'the TEE' },
          { id: 'MUG', name: 'the MUG' },
        ],
      },
      pending: [
        { id: '0', path: ['goods', 0], label: 'said' },
        { id: '1', path: ['goods', 1], label: 'said' },
      ],
      hasNext: true,
    })
    await shop.whenReached('reviews')
    shop.open('reviews')
    const later = await answer.rest()
    expect(later).toEqual([
      {
        incremental: [
          { id: '0', path: ['goods', 0], data: { reviews: [{ text: 'about TEE-1' }] } },
          { id: '1', path: ['goods', 1], data: { reviews: [{ text: 'about MUG-1' }] } },
        ],
        completed: [{ id: '0' }, { id: '1' }],
        hasNext: false,
      },
    ])
    expect(await wholeAnswer(shop, query)).toEqual({ data: mergeParts([first, ...later]).data })
  })

  it('is fetched by itself when the subgraph that is slow has the rest, too', async () => {
    await using shop = await openGatedShop(goods)
    const answer = await shop.ask('{ goods { name ... @defer { price } } ... @defer { hours } }')
    expect((await answer.next()).data).toEqual({ goods: [{ name: 'the TEE' }, { name: 'the MUG' }] })
    shop.open('hours')
    expect((await answer.next()).incremental).toEqual([{ id: '2', path: [], data: { hours: '9 to 5' } }])
    shop.open('price')
    expect((await answer.next()).incremental).toHaveLength(2)
    expect(shop.reached.filter((field) => field === 'price')).toHaveLength(2)
  })

  it('is fetched beside the rest and told in whatever order it is there', async () => {
    await using shop = await openGatedShop(goods)
    const answer = await shop.ask(
      '{ good(id: "TEE") { id ... @defer(label: "a") { reviews { by } } ... @defer(label: "b") { price } } }',
    )
    const { pending } = await answer.next()
    expect(pending?.map(({ label }) => label)).toEqual(['a', 'b'])
    await shop.whenReached('reviews')
    shop.open('price')
    expect(await answer.next()).toEqual({
      incremental: [{ id: '1', path: ['good'], data: { price: 3 } }],
      completed: [{ id: '1' }],
      hasNext: true,
    })
    shop.open('reviews', 'by')
    expect(await answer.rest()).toEqual([
      {
        incremental: [{ id: '0', path: ['good'], data: { reviews: [{ by: 'ada' }] } }],
        completed: [{ id: '0' }],
        hasNext: false,
      },
    ])
  })

  it('waits for what it requires of others, and they do not wait for it', async () => {
    await using shop = await openGatedShop(goods)
    const answer = await shop.ask('{ good(id: "MUG") { name ... @defer { postage } ... @defer { stars } } }')
    expect((await answer.next()).data).toEqual({ good: { name: 'the MUG' } })
    await shop.whenReached('stars')
    await shop.whenReached('weight')
    shop.open('weight')
    expect((await answer.next()).incremental).toEqual([{ id: '0', path: ['good'], data: { postage: 3 } }])
  })

  it('may have more that is deferred in it', async () => {
    await using shop = await openGatedShop(goods)
    const answer = await shop.ask(
      '{ good(id: "TEE") { name ... @defer { reviews { text ... @defer { by } } } } }',
    )
    expect((await answer.next()).data).toEqual({ good: { name: 'the TEE' } })
    shop.open('reviews')
    expect(await answer.next()).toEqual({
      pending: [{ id: '1', path: ['good', 'reviews', 0] }],
      incremental: [{ id: '0', path: ['good'], data: { reviews: [{ text: 'about TEE-1' }] } }],
      completed: [{ id: '0' }],
      hasNext: true,
    })
    shop.open('by')
    expect(await answer.rest()).toEqual([
      {
        incremental: [{ id: '1', path: ['good', 'reviews', 0], data: { by: 'ada' } }],
        completed: [{ id: '1' }],
        hasNext: false,
      },
    ])
  })

  it('leaves out what came already, also below fields that came', async () => {
    await using shop = await openGatedShop(goods)
    shop.open(...SLOW)
    const answer = await shop.ask(
      '{ good(id: "TEE") { name size { w } ... @defer { name reviews { id } size { w h } } ... @defer { size { h } price } } }',
    )
    const parts = await answer.rest()
    expect(parts[0]?.data).toEqual({ good: { name: 'the TEE', size: { w: 1 } } })
    expect(mergeParts(parts).data).toEqual({
      good: { name: 'the TEE', size: { w: 1, h: 2 }, reviews: [{ id: 'TEE-1' }], price: 3 },
    })
    const below = parts.flatMap(({ incremental = [] }) => incremental).find(({ subPath }) => subPath)
    expect(below).toMatchObject({ subPath: ['size'], data: { h: 2 } })
  })
})

describe('nothing comes later', () => {
  it.each([
    ['for an object that is not there', '{ good(id: "NONE") { id ... @defer { reviews { text } } } }'],
    ['of fields that came already', '{ good(id: "TEE") { name ... @defer { name } } }'],
    [
      'of fragments that are switched off',
      '{ good(id: "TEE") { name ... @defer(if: false) { reviews { id } } } }',
    ],
    [
      'of fragments that are skipped',
      '{ good(id: "TEE") { name ... @defer @skip(if: true) { reviews { id } } } }',
    ],
    [
      'of fragments for other types',
      '{ good(id: "TEE") { name ... @defer { ... on Good @include(if: false) { price } } } }',
    ],
    ['of introspection', '{ ... @defer { __schema { queryType { name } } } }'],
  ])('%s', async (_what, query) => {
    await using shop = await openGatedShop(goods)
    shop.open(...SLOW)
    const answer = await shop.ask(query)
    const [whole, ...more] = await answer.rest()
    expect(more).toEqual([])
    expect(whole).toEqual(await wholeAnswer(shop, query))
  })

  it.each([
    ['who do not ask for parts', 'application/json'],
    ['who accept anything', '*/*'],
    ['who speak another form', 'multipart/mixed;deferSpec=20220824, application/json'],
    ['who like JSON better', 'multipart/mixed;q=0.5, application/json'],
  ])('to clients %s', async (_who, accept) => {
    await using shop = await openGatedShop(goods)
    shop.open(...SLOW)
    const answer = await shop.ask('{ good(id: "TEE") { name ... @defer { price } } }', { accept })
    expect(answer.type).toBe('application/json; charset=utf-8')
    expect(await answer.rest()).toEqual([{ data: { good: { name: 'the TEE', price: 3 } } }])
  })

  it('to clients who take nothing but parts, when nothing is deferred', async () => {
    await using shop = await openGatedShop(goods)
    const answer = await shop.ask('{ good(id: "TEE") { name } }', { accept: 'multipart/mixed' })
    expect(answer.type).toMatch(/^multipart\/mixed/)
    expect(await answer.rest()).toEqual([{ data: { good: { name: 'the TEE' } } }])
  })
})

describe('a variable', () => {
  it('decides for each request what is deferred', async () => {
    await using shop = await openGatedShop(goods)
    shop.open(...SLOW)
    const query = 'query Q($later: Boolean) { good(id: "TEE") { ... @defer(if: $later) { price } } }'
    for (const [variables, count] of [
      [{ later: true }, 2],
      [{ later: false }, 1],
      [{}, 2],
      [{ later: null }, 1],
    ] as const) {
      const parts = await (await shop.ask(query, { variables })).rest()
      expect(parts).toHaveLength(count)
      expect(mergeParts(parts).data).toEqual({ good: { price: 3 } })
    }
  })
})

describe('what goes wrong in a deferred fragment', () => {
  it('is told with it, and what came before stays', async () => {
    await using shop = await openGatedShop(goods)
    shop.open(...SLOW)
    const parts = await (await shop.ask('{ goods { id ... @defer { stars } } }')).rest()
    const completed = parts.flatMap((part) => part.completed ?? [])
    expect(parts[0]?.errors).toBeUndefined()
    expect(mergeParts(parts).data).toEqual({ goods: [{ id: 'TEE', stars: 5 }, { id: 'MUG' }] })
    expect(completed[0]).toEqual({ id: '0' })
    expect(completed[1]?.errors).toMatchObject([{ path: ['goods', 1, 'stars'] }])
  })

  it('has its own place, when a subgraph is down', async () => {
    await using shop = await openGatedShop((gates) => {
      const { catalog, reviews } = goods(gates)
      const down = { Good: { reviews: () => Promise.reject(new Error('down')) } }
      return { catalog: catalog ?? { sdl: '' }, reviews: { sdl: reviews?.sdl ?? '', resolvers: down } }
    })
    const parts = await (await shop.ask('{ goods { name ... @defer { reviews { id } } } }')).rest()
    const merged = mergeParts(parts)
    expect(merged.failed).toEqual([])
    expect(merged.errors.map(({ path }) => path)).toEqual([
      ['goods', 0, 'reviews'],
      ['goods', 1, 'reviews'],
    ])
    expect(parts.at(-1)?.incremental).toMatchObject([
      { data: { reviews: null }, errors: [{ path: ['goods', 0, 'reviews'] }] },
      { data: { reviews: null }, errors: [{ path: ['goods', 1, 'reviews'] }] },
    ])
  })

  it('ends by the deadline of the request', async () => {
    await using shop = await openGatedShop(goods, { limits: { deadlineMs: 150 } })
    const parts = await (await shop.ask('{ good(id: "TEE") { name ... @defer { reviews { id } } } }')).rest()
    expect(mergeParts(parts)).toMatchObject({
      data: { good: { name: 'the TEE', reviews: null } },
      errors: [{ path: ['good', 'reviews'], extensions: { code: 'SUBGRAPH_TIMEOUT' } }],
    })
  })
})

describe('a mutation', () => {
  it('may have deferred fields below its root, whose fields come one after another', async () => {
    await using shop = await openGatedShop(goods)
    const answering = shop.ask(
      'mutation { a: rename(id: "TEE", name: "A") { name ... @defer { price } } b: rename(id: "MUG", name: "B") { name } }',
    )
    await shop.whenReached('rename A')
    expect(shop.reached).toEqual(['rename A'])
    shop.open('rename A')
    await shop.whenReached('rename B')
    shop.open('rename B')
    const answer = await answering
    expect((await answer.next()).data).toEqual({ a: { name: 'the TEE' }, b: { name: 'the MUG' } })
    shop.open('price')
    expect((await answer.rest())[0]?.incremental).toEqual([{ id: '0', path: ['a'], data: { price: 3 } }])
  })
})

describe('a document', () => {
  it.each([
    ['with one label twice', '{ ... @defer(label: "a") { hours } ... @defer(label: "a") { goods { id } } }'],
    ['with a label that varies', 'query Q($l: String) { ... @defer(label: $l) { hours } }'],
    ['that defers what a mutation does', 'mutation { ... @defer { rename(id: "TEE", name: "A") { id } } }'],
    ['with a condition that is no Boolean', '{ ... @defer(if: null) { hours } }'],
    ['with @defer on a field', '{ hours @defer }'],
  ])('%s is refused', async (_what, query) => {
    await using shop = await openGatedShop(goods)
    const [refused] = await (await shop.ask(query)).rest()
    expect(refused?.errors?.[0]?.extensions?.['code']).toBe('DOCUMENT_INVALID')
    expect(shop.reached).toEqual([])
  })

  it('finds @defer in the schema', async () => {
    await using shop = await openGatedShop(goods)
    const [answer] = await (await shop.ask('{ __schema { directives { name locations } } }')).rest()
    expect(JSON.stringify(answer?.data)).toContain(
      '{"name":"defer","locations":["FRAGMENT_SPREAD","INLINE_FRAGMENT"]}',
    )
  })
})

describe('an answer in parts', () => {
  it('is for everybody who names its form, whatever else they name', async () => {
    await using shop = await openGatedShop(goods)
    shop.open(...SLOW)
    const others = 'application/graphql-response+json, application/graphql+json, application/json'
    for (const accept of [
      `${others}, text/event-stream, multipart/mixed`,
      `multipart/mixed;incrementalSpec=v0.2, ${others};q=0.9`,
      'MULTIPART/Mixed; incrementalspec="v0.2"',
    ]) {
      const answer = await shop.ask('{ good(id: "TEE") { name ... @defer { price } } }', { accept })
      expect(answer.type).toMatch(/^multipart\/mixed/)
      expect(mergeParts(await answer.rest()).data).toEqual({ good: { name: 'the TEE', price: 3 } })
    }
    const { unused } = await shop.gateway.reload(shop.supergraph)
    await unused
  })

  it('has no more pieces than allowed: the others come with what is around them', async () => {
    await using shop = await openGatedShop(goods, { limits: { deferred: 1 } })
    shop.open(...SLOW)
    const query =
      '{ good(id: "TEE") { ... @defer { reviews { id } } } goods { id ... @defer { price ... @defer { weight } } } }'
    const parts = await (await shop.ask(query)).rest()
    expect(parts[0]?.pending).toEqual([{ id: '0', path: ['good'] }])
    expect(parts[0]?.data).toMatchObject({ goods: [{ price: 3, weight: 300 }, { price: 3 }] })
    expect({ data: mergeParts(parts).data }).toEqual(await wholeAnswer(shop, query))
  })

  it('is not worked out any further once its client has gone', async () => {
    await using shop = await openGatedShop(goods)
    const answer = await shop.ask('{ good(id: "TEE") { name ... @defer { reviews { of { price } } } } }')
    await answer.next()
    await shop.whenReached('reviews')
    answer.leave()
    await shop.settled()
    shop.open(...SLOW)
    const after = await shop.ask('{ good(id: "MUG") { id ... @defer { stars } } }')
    await after.rest()
    expect(shop.reached).toEqual(['reviews', 'stars'])
  })

  it('ends on the graph it began with', async () => {
    await using shop = await openGatedShop(goods)
    const answer = await shop.ask('{ good(id: "TEE") { name ... @defer { reviews { text } } } }')
    const first = await answer.next()
    const { unused } = await shop.gateway.reload(
      shop.supergraph.replace('reviews: [Review!]', 'said: [Review!]'),
    )
    let isUnused = false
    void unused.then(() => {
      isUnused = true
    })
    await shop.whenReached('reviews')
    expect(isUnused).toBe(false)
    shop.open('reviews')
    expect(mergeParts([first, ...(await answer.rest())]).errors).toEqual([])
    await unused
  })
})
