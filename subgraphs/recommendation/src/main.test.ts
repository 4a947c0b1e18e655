import { describe, expect, it } from '@jest/globals'
import { openMemoryBus } from '@stoa/platform/event-bus.memory'
import type { EventStore } from '@stoa/platform/event-store'
import { openMemoryAffinityGraph } from './affinity-graph.memory.ts'
import { weightAt } from './domain/taste.ts'
import { importAffinity } from './import.ts'
import { openRecommendation } from './main.ts'
import { ada, contextOf, created, openBench, parts } from './recommendation-bench.fixture.ts'

describe('recommendations', () => {
  it('show what was bought together, past orders too', async () => {
    await using bench = await openBench()
    await bench.order(
      created('O-1', ['TEE', 'JEANS']),
      created('O-2', ['TEE', 'SOCKS']),
      created('O-3', ['SOCKS', 'TEE'], { imported: true }),
    )
    const { data, errors } = await bench.ask(
      '{ _entities(representations: [{ __typename: "Product", productId: "TEE" }, { __typename: "Product", productId: "JEANS" }]) { ... on Product { alsoBought { productId } one: alsoBought(first: 1) { productId } } } }',
    )
    expect(errors).toBeUndefined()
    expect(data?.['_entities']).toEqual([
      { alsoBought: [{ productId: 'SOCKS' }, { productId: 'JEANS' }], one: [{ productId: 'SOCKS' }] },
      { alsoBought: [{ productId: 'TEE' }], one: [{ productId: 'TEE' }] },
    ])
  })

  it('fall back to best sellers for a product nobody bought, without itself', async () => {
    await using bench = await openBench()
    await bench.order(created('O-1', ['TEE', 'JEANS']), created('O-2', ['TEE']), created('O-3', ['LAMP']))
    const query =
      '{ _entities(representations: [{ __typename: "Product", productId: "LAMP" }]) { ... on Product { alsoBought(first: 2) { productId } } } }'
    expect((await bench.ask(query)).data?.['_entities']).toEqual([
      { alsoBought: [{ productId: 'TEE' }, { productId: 'JEANS' }] },
    ])
  })

  it('are for Ada best sellers, among equals what goes with what she bought, without that', async () => {
    await using bench = await openBench()
    await bench.order(
      created('O-1', ['TEE'], { customerId: 'CU-ada' }),
      created('O-2', ['TEE', 'SOCKS'], { customerId: 'CU-bo' }),
      created('O-3', ['LAMP', 'RUG']),
      created('O-4', ['LAMP']),
    )
    const mine = await bench.ask('{ recommendedForMe(first: 3) { productId } }', ada)
    expect(mine.data?.['recommendedForMe']).toEqual([
      { productId: 'LAMP' },
      { productId: 'SOCKS' },
      { productId: 'RUG' },
    ])
    const often = Array.from({ length: 9 }, (_, index) => created(`O-bo-${index}`, ['TEE', 'SOCKS']))
    await bench.order(
      ...often,
      ...often.map(({ data }, index) => created(`O-${data['orderId']}-${index}`, ['LAMP'])),
    )
    const later = await bench.ask('{ recommendedForMe(first: 1) { productId } }', ada)
    expect(later.data?.['recommendedForMe']).toEqual([{ productId: 'SOCKS' }])
    const anyones = await bench.ask('{ recommendedForMe(first: 2) { productId } }')
    expect(anyones.data?.['recommendedForMe']).toEqual([{ productId: 'LAMP' }, { productId: 'TEE' }])
  })

  it('are empty in a shop that never sold anything', async () => {
    await using bench = await openBench()
    expect((await bench.ask('{ recommendedForMe { productId } }', ada)).data).toEqual({
      recommendedForMe: [],
    })
  })

  it('count an order once: imported, told, told again, and opened again', async () => {
    await using bench = await openBench()
    const at = Date.now()
    await importAffinity(bench.store, [{ orderId: 'O-1', productIds: ['TEE', 'JEANS'], at }])
    await bench.order(created('O-1', ['TEE', 'JEANS']))
    expect(await bench.bus.replay({ consumer: 'recommendation.also-bought' })).toBe(1)
    await bench.bus.idle()
    await using graph = await openMemoryAffinityGraph(bench.store)
    expect(await graph.neighbours(['TEE'], 5)).toEqual([[{ productId: 'JEANS', weight: weightAt(at) }]])
  })

  it('keep an order that is not as the contract says as a dead letter', async () => {
    await using bench = await openBench()
    const { lines: _, ...data } = created('O-1', ['TEE']).data
    await bench.order({ ...created('O-1', ['TEE']), data })
    expect(await bench.bus.deadLetters()).toMatchObject([
      {
        consumer: 'recommendation.also-bought',
        exhausted: 'not_retryable',
        errorMessage: expect.stringContaining('"lines"'),
      },
    ])
  })

  it.each(['recommendedForMe(first: 0) { productId }', 'recommendedForMe(first: 101) { productId }'])(
    'refuse { %s }',
    async (field) => {
      await using bench = await openBench()
      const { errors } = await bench.ask(`{ ${field} }`)
      expect(errors?.[0]).toMatchObject({
        message: expect.stringContaining('Expected "first" to be 1 to 100'),
        extensions: { code: 'BAD_REQUEST' },
      })
    },
  )

  it('cost no store call for a page of products, and two for a customer', async () => {
    await using bench = await openBench()
    await bench.order(created('O-1', ['TEE', 'JEANS'], { customerId: 'CU-ada' }))
    let reads = 0
    const counting: EventStore = {
      ...bench.store,
      get: (key) => {
        reads += 1
        return bench.store.get(key)
      },
      getMany: (keys) => {
        reads += 1
        return bench.store.getMany(keys)
      },
    }
    await using bus = openMemoryBus(parts)
    await using counted = await openRecommendation({ ...parts, store: counting, bus })
    const products = Array.from(
      { length: 100 },
      (_, index) => `{ __typename: "Product", productId: "P-${index}" }`,
    )
    await counted.execute({
      query: `{ _entities(representations: [${products}]) { ... on Product { alsoBought { productId } } } }`,
      context: contextOf(ada),
    })
    expect(reads).toBe(0)
    await counted.execute({ query: '{ recommendedForMe { productId } }', context: contextOf(ada) })
    expect(reads).toBe(2)
  })
})
