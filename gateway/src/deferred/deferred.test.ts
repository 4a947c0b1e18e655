import { describe, expect, it } from '@jest/globals'
import { openGatedShop } from '../../test/gated-shop.ts'
import { mergeParts } from '../../test/merge-parts.ts'
import { goods, SLOW, wholeAnswer } from '../../test/slow-goods.ts'

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

describe('parts put together', () => {
  it.each([
    [
      'whose fields have the names of others',
      '{ goods { id: name ... @defer { name: price weight: id reviews { id: text by ... @defer { text: id of { id: name ... @defer { price } } } } } } }',
    ],
    [
      'of one fragment in two places',
      '{ g: goods { n: name ... @defer(label: "x") { ... F } } goods { ...F @defer(label: "y") } } fragment F on Good { id: weight size { h w: h } weight: postage }',
    ],
    [
      'that lie deep in one another',
      '{ good(id: "TEE") { ... @defer { reviews { of { reviews { of { name ... @defer { stars } } } } } } } }',
    ],
  ])('%s are the whole answer', async (_what, query) => {
    await using shop = await openGatedShop(goods)
    shop.open(...SLOW)
    const parts = await (await shop.ask(query)).rest()
    expect(parts.length).toBeGreaterThan(1)
    expect({ data: mergeParts(parts).data }).toEqual(await wholeAnswer(shop, query))
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
