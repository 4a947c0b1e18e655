import { describe, expect, it } from '@jest/globals'
import { openGatedShop } from '../../test/gated-shop.ts'
import { mergeParts } from '../../test/merge-parts.ts'
import { goods, NOTHING, SLOW, wholeAnswer } from '../../test/slow-goods.ts'
import { defaultLimits } from '../limits.ts'

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

  it('where it is switched off', async () => {
    await using shop = await openGatedShop(goods, { limits: { deferred: 0 } })
    shop.open(...SLOW)
    const answer = await shop.ask('{ good(id: "TEE") { name ... @defer { price } } }')
    expect(await answer.rest()).toEqual([{ data: { good: { name: 'the TEE', price: 3 } } }])
  })

  it('to clients who take nothing but parts, when nothing is deferred', async () => {
    await using shop = await openGatedShop(goods)
    const answer = await shop.ask('{ good(id: "TEE") { name } }', { accept: 'multipart/mixed' })
    expect(answer.type).toMatch(/^multipart\/mixed/)
    expect(await answer.rest()).toEqual([{ data: { good: { name: 'the TEE' } } }])
    expect((await shop.ask('{ nothing }', { accept: 'multipart/mixed' })).type).toMatch(/^application\/json/)
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

  it('waits for its client to read, and not for ever', async () => {
    const subscriptions = { ...defaultLimits.subscriptions, writeMs: 100 }
    const long = { Good: { reviews: () => [{ id: 'x'.repeat(12_000_000) }] } }
    await using shop = await openGatedShop(
      (gates) => {
        const { catalog = NOTHING, reviews = NOTHING } = goods(gates)
        return { catalog, reviews: { ...reviews, resolvers: long } }
      },
      { limits: { subscriptions } },
    )
    const answer = await shop.ask('{ good(id: "TEE") { name ... @defer { reviews { id } } } }')
    expect((await answer.next()).hasNext).toBe(true)
    await shop.settled()
    await expect(answer.rest()).rejects.toThrow()
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
