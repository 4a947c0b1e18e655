import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { GraphBench } from './affinity-graph.contract.ts'
import { sharingNeighbours } from './domain/similar.ts'
import { addOrder, noTaste, type ProductTaste } from './domain/taste.ts'
import type { AffinityGraph } from './ports.ts'

const NOW = Date.UTC(2026, 10, 21)

/** What the graph knows of categories. */
export function shelvesContract(open: () => Promise<GraphBench>): void {
  it('finds products of the same category that share neighbours, then best sellers of the category', async () => {
    await using bench = await open()
    const { graph } = bench
    await describeClothes(graph)
    await graph.record([
      { orderId: 'O-1', productIds: ['TEE', 'JEANS'], at: NOW },
      { orderId: 'O-2', productIds: ['POLO', 'JEANS'], at: NOW },
      { orderId: 'O-3', productIds: ['VEST', 'LAMP'], at: NOW },
      { orderId: 'O-4', productIds: ['RUG', 'JEANS'], at: NOW },
    ])
    expect(await graph.similar(['TEE', 'LAMP', 'JEANS', 'RUG'], 5)).toEqual([
      ['POLO', 'VEST'],
      ['RUG'],
      [],
      ['LAMP'],
    ])
    expect(await graph.similar(['TEE'], 1)).toEqual([['POLO']])
  })

  it('knows the best sellers of a category', async () => {
    await using bench = await open()
    const { graph } = bench
    await describeClothes(graph)
    await graph.record([
      { orderId: 'O-1', productIds: ['TEE', 'POLO', 'LAMP'], at: NOW },
      { orderId: 'O-2', productIds: ['POLO', 'LAMP'], at: NOW },
    ])
    const ids = async (category: string): Promise<readonly string[]> =>
      (await graph.popular(5, category)).map(({ productId }) => productId)
    expect(await ids('tops')).toEqual(['POLO', 'TEE'])
    expect(await ids('home')).toEqual(['LAMP'])
    expect(await ids('garden')).toEqual([])
    expect(await graph.popular(1)).toMatchObject([{ productId: 'LAMP' }])
  })

  it('knows where products stand, and says so where it does not', async () => {
    await using bench = await open()
    await describeClothes(bench.graph)
    await bench.graph.record([{ orderId: 'O-1', productIds: ['TEE', 'KITE'], at: NOW }])
    expect(await bench.graph.categoriesOf(['LAMP', 'KITE', 'NOBODY', 'TEE', 'LAMP'])).toEqual([
      ...['home', undefined, undefined, 'tops', 'home'],
    ])
    expect(await bench.graph.categoriesOf([])).toEqual([])
  })

  it('moves a product that is told to be in another category, and stays as it is when told again', async () => {
    await using bench = await open()
    const { graph } = bench
    await describeClothes(graph)
    await graph.record([{ orderId: 'O-1', productIds: ['POLO', 'LAMP'], at: NOW }])
    await graph.describe([{ productId: 'POLO', category: 'home' }])
    await graph.describe([{ productId: 'POLO', category: 'home' }])
    expect(await graph.popular(5, 'tops')).toEqual([])
    expect(await (await bench.reopen()).popular(5, 'home')).toMatchObject([
      { productId: 'LAMP' },
      { productId: 'POLO' },
    ])
  })

  it('takes keys of any characters for what they are', async () => {
    await using bench = await open()
    const { graph } = bench
    const odd = ['a/b', 'a%2Fb', 'a b/', '%', 'ü→😀', "'); drop"]
    await graph.describe(odd.map((productId) => ({ productId, category: 'odd/one' })))
    await graph.record([{ orderId: 'O/1', customerId: 'CU/ada', productIds: odd, at: NOW }])
    expect(await graph.boughtBy('CU/ada')).toEqual([...odd].sort())
    for (const productId of odd) {
      const [neighbours] = await graph.neighbours([productId], 10)
      expect(neighbours?.map((neighbour) => neighbour.productId).sort()).toEqual(
        odd.filter((id) => id !== productId).sort(),
      )
    }
    expect((await graph.popular(10, 'odd/one')).map(({ productId }) => productId).sort()).toEqual(
      [...odd].sort(),
    )
    expect(await graph.popular(10, 'odd')).toEqual([])
  })

  it('ranks what is similar as the model does', async () => {
    const ids = ['A', 'B', 'C', 'D', 'E', 'F'] as const
    const baskets = fc.array(fc.uniqueArray(fc.constantFrom(...ids), { minLength: 2, maxLength: 4 }), {
      minLength: 4,
      maxLength: 12,
    })
    await fc.assert(
      fc.asyncProperty(baskets, async (products) => {
        await using bench = await open()
        const orders = products.map((productIds, index) => ({
          ...{ orderId: `O-${index}`, productIds, at: NOW - index * 86_400_000 },
        }))
        const tastes = new Map<string, ProductTaste>()
        for (const order of orders) {
          for (const id of order.productIds) tastes.set(id, addOrder(tastes.get(id) ?? noTaste, id, order))
        }
        await bench.graph.describe(ids.map((productId) => ({ productId, category: categoryOf(productId) })))
        await bench.graph.record(orders)
        const around = { together: (id: string) => tastes.get(id)?.together ?? [], category: categoryOf }
        const similar = await bench.graph.similar(ids, 2)
        for (const [index, id] of ids.entries()) {
          const model = sharingNeighbours(around, id)
          const found = similar[index]?.slice(0, model.length) ?? []
          // Equal sums may differ in their last bits, so ties may fall either way.
          const score = (one: string): number => model.find(([other]) => other === one)?.[1] ?? 0
          expect(found.map((one) => score(one).toPrecision(9))).toEqual(
            model.slice(0, 2).map(([, weight]) => weight.toPrecision(9)),
          )
        }
      }),
      { numRuns: 8 },
    )
  })
}

function categoryOf(productId: string): string {
  return productId < 'D' ? 'early' : 'late'
}

async function describeClothes(graph: AffinityGraph): Promise<void> {
  const shelves = { tops: ['TEE', 'POLO', 'VEST'], trousers: ['JEANS'], home: ['LAMP', 'RUG'] }
  const told = Object.entries(shelves).flatMap(([category, ids]) =>
    ids.map((productId) => ({ productId, category })),
  )
  await graph.describe(told)
}
