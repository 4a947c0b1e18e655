import { describe, expect, it } from '@jest/globals'
import { openGatedShop } from '../../test/gated-shop.ts'
import { mergeParts } from '../../test/merge-parts.ts'
import { goods, NOTHING, SLOW } from '../../test/slow-goods.ts'

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
      const { catalog = NOTHING, reviews = NOTHING } = goods(gates)
      const down = { Good: { reviews: () => Promise.reject(new Error('down')) } }
      return { catalog, reviews: { ...reviews, resolvers: down } }
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
