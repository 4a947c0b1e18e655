import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { customersContract } from './customers.contract.ts'
import { HALF_LIFE_MS, MAX_BASKET, MAX_NEIGHBOURS, type Purchase } from './domain/taste.ts'
import type { AffinityGraph } from './ports.ts'
import { shelvesContract } from './shelves.contract.ts'

/** One engine as the contract suite drives it. */
export interface GraphBench extends AsyncDisposable {
  readonly graph: AffinityGraph
  /** The same data, opened again. */
  reopen(): Promise<AffinityGraph>
}

export interface GraphContract {
  readonly name: string
  /** An empty graph; two may be open at once. `popular` must not lag here. */
  readonly open: () => Promise<GraphBench>
  /** How many random histories to try. Default 40. */
  readonly runs?: number
}

const NOW = Date.UTC(2026, 10, 21)

/** What every engine of the graph must satisfy. */
export function affinityGraphContract({ name, open, runs = 40 }: GraphContract): void {
  describe(`${name} keeps the affinity graph's contract`, () => {
    edgesContract(open)
    boundsContract(open)
    onceContract(open, runs)
    customersContract(open)
    shelvesContract(open)
  })
}

function order(orderId: string, productIds: readonly string[], more: Partial<Purchase> = {}): Purchase {
  return { orderId, productIds, at: NOW, ...more }
}

async function idsNextTo(
  graph: AffinityGraph,
  productId: string,
  first: number = 10,
): Promise<readonly string[]> {
  const [neighbours] = await graph.neighbours([productId], first)
  return neighbours?.map((neighbour) => neighbour.productId) ?? []
}

function edgesContract(open: () => Promise<GraphBench>): void {
  it('links products of one order in both directions, and none to itself', async () => {
    await using bench = await open()
    await bench.graph.record([order('O-ada', ['TEE', 'JEANS', 'TEE'])])
    expect(await idsNextTo(bench.graph, 'TEE')).toEqual(['JEANS'])
    expect(await idsNextTo(bench.graph, 'JEANS')).toEqual(['TEE'])
    expect(await bench.graph.popular(10)).toMatchObject([{ productId: 'JEANS' }, { productId: 'TEE' }])
  })

  it('answers several products at once, in their order, and nothing for one it never saw', async () => {
    await using bench = await open()
    await bench.graph.record([order('O-ada', ['TEE', 'JEANS'])])
    const answers = await bench.graph.neighbours(['LAMP', 'TEE'], 5)
    expect(answers.map((neighbours) => neighbours.map(({ productId }) => productId))).toEqual([[], ['JEANS']])
  })

  it('puts first what was bought together more often', async () => {
    await using bench = await open()
    const { graph } = bench
    await graph.record([
      order('O-ada', ['TEE', 'JEANS']),
      order('O-bo', ['TEE', 'SOCKS']),
      order('O-cleo', ['TEE', 'SOCKS']),
    ])
    expect(await idsNextTo(graph, 'TEE')).toEqual(['SOCKS', 'JEANS'])
    expect(await idsNextTo(graph, 'TEE', 1)).toEqual(['SOCKS'])
  })

  it('lets an order count half for each half-life it is older', async () => {
    await using bench = await open()
    const old = { at: NOW - HALF_LIFE_MS }
    await bench.graph.record([order('O-ada', ['TEE', 'JEANS'], old), order('O-bo', ['TEE', 'SOCKS'])])
    const [neighbours] = await bench.graph.neighbours(['TEE'], 2)
    const [socks, jeans] = neighbours ?? []
    expect(socks?.productId).toBe('SOCKS')
    expect((socks?.weight ?? 0) / (jeans?.weight ?? 1)).toBeCloseTo(2, 9)
  })

  it('remembers all of it when opened again', async () => {
    await using bench = await open()
    await bench.graph.record([order('O-ada', ['TEE', 'JEANS'], { customerId: 'CU-ada' })])
    const again = await bench.reopen()
    expect(await idsNextTo(again, 'TEE')).toEqual(['JEANS'])
    expect(await again.popular(1)).toMatchObject([{ productId: 'JEANS' }])
    expect(await again.boughtBy('CU-ada')).toEqual(['JEANS', 'TEE'])
    expect(await again.record([order('O-ada', ['TEE', 'JEANS'])])).toBe(0)
  })
}

function boundsContract(open: () => Promise<GraphBench>): void {
  it(`keeps the strongest ${MAX_NEIGHBOURS} neighbours of a product`, async () => {
    await using bench = await open()
    const others = Array.from({ length: MAX_NEIGHBOURS + 20 }, (_, index) => `P-${index}`)
    // Later orders weigh more: what was first bought longest ago is forgotten first.
    await bench.graph.record(
      others.map((id, index) => order(`O-${id}`, ['TEE', id], { at: NOW + index * 1_000 })),
    )
    const kept = await idsNextTo(bench.graph, 'TEE', 100)
    expect(kept).toEqual(others.slice(20).reverse())
  })

  it(`draws edges between the first ${MAX_BASKET} products of an order, once however often it is told`, async () => {
    await using bench = await open()
    const many = Array.from({ length: 300 }, (_, index) => `P-${String(index).padStart(3, '0')}`)
    await bench.graph.record([order('O-bulk', many)])
    expect(await idsNextTo(bench.graph, 'P-000', 100)).toHaveLength(MAX_BASKET - 1)
    expect(await bench.graph.popular(1_000)).toHaveLength(MAX_BASKET)
    const before = await bench.graph.neighbours(['P-000'], 100)
    expect(await bench.graph.record([order('O-bulk', many)])).toBe(0)
    expect(await bench.graph.neighbours(['P-000'], 100)).toEqual(before)
  })

  it('takes nothing amiss in an order of nothing, or of one thing', async () => {
    await using bench = await open()
    expect(
      await bench.graph.record([
        order('O-none', []),
        order('O-one', ['TEE']),
        order('O-odd', ['__proto__', 'TEE']),
      ]),
    ).toBe(3)
    expect(await idsNextTo(bench.graph, 'TEE')).toEqual(['__proto__'])
    expect(await bench.graph.record([])).toBe(0)
  })
}

function onceContract(open: () => Promise<GraphBench>, runs: number): void {
  const baskets = fc.array(
    fc.uniqueArray(fc.constantFrom('TEE', 'JEANS', 'SOCKS', 'LAMP'), { minLength: 1 }),
    { minLength: 1, maxLength: 8 },
  )

  it('counts an order once, however often, in whatever order and company it is told', async () => {
    await fc.assert(
      fc.asyncProperty(baskets, fc.infiniteStream(fc.nat()), async (products, chance) => {
        const orders = products.map((ids, index) =>
          order(`O-${index}`, ids, { at: NOW - index * 86_400_000 }),
        )
        const told = [...orders, ...orders, ...orders].map((one) => [chance.next().value, one] as const)
        const shuffled = told.sort(([a], [b]) => a - b).map(([, one]) => one)
        await using once = await open()
        await using often = await open()
        expect(await once.graph.record(orders)).toBe(orders.length)
        const half = Math.floor(shuffled.length / 2)
        const alone = shuffled.slice(0, half).map((one) => often.graph.record([one]))
        const counted = await Promise.all([...alone, often.graph.record(shuffled.slice(half))])
        expect(counted.reduce((sum, fresh) => sum + fresh, 0)).toBe(orders.length)
        expect(rounded(await often.graph.popular(10))).toEqual(rounded(await once.graph.popular(10)))
        expect(await idsNextTo(often.graph, 'TEE')).toHaveLength((await idsNextTo(once.graph, 'TEE')).length)
      }),
      { numRuns: runs },
    )
  })
}

/** Sums in another order differ in their last bits. */
function rounded(
  neighbours: readonly { readonly productId: string; readonly weight: number }[],
): readonly string[] {
  return neighbours.map(({ productId, weight }) => `${productId} ${weight.toPrecision(9)}`).sort()
}
