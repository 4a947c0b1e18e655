import { expect, it } from '@jest/globals'
import type { GraphBench } from './affinity-graph.contract.ts'
import { MAX_PURCHASES, MAX_VIEWS, type Purchase } from './domain/taste.ts'

const NOW = Date.UTC(2026, 10, 21)

function order(orderId: string, productIds: readonly string[], more: Partial<Purchase> = {}): Purchase {
  return { orderId, productIds, at: NOW, ...more }
}

/** What the graph knows of customers. */
export function customersContract(open: () => Promise<GraphBench>): void {
  it('knows what a customer bought, latest first, and nothing of strangers', async () => {
    await using bench = await open()
    const { graph } = bench
    await graph.record([
      order('O-2', ['LAMP'], { customerId: 'CU-ada', at: NOW }),
      order('O-1', ['TEE', 'LAMP'], { customerId: 'CU-ada', at: NOW - 1_000 }),
      order('O-3', ['JEANS']),
    ])
    expect(await graph.boughtBy('CU-ada')).toEqual(['LAMP', 'TEE'])
    expect(await graph.boughtBy('CU-bo')).toEqual([])
  })

  it('remembers what a customer looked at, latest first, each product once', async () => {
    await using bench = await open()
    const { graph } = bench
    await graph.record([order('O-1', ['TEE', 'LAMP', 'JEANS'])])
    for (const [productId, at] of [
      ['TEE', NOW],
      ['LAMP', NOW + 2],
      ['JEANS', NOW + 1],
      ['TEE', NOW + 3],
      ['LAMP', NOW - 5],
    ] as const) {
      expect(await graph.recordView({ customerId: 'CU-ada', productId, at })).toBe(true)
    }
    expect(await graph.viewedBy('CU-ada')).toEqual(['TEE', 'LAMP', 'JEANS'])
    expect(await graph.viewedBy('CU-bo')).toEqual([])
    expect(await graph.boughtBy('CU-ada')).toEqual([])
    expect(await (await bench.reopen()).viewedBy('CU-ada')).toEqual(['TEE', 'LAMP', 'JEANS'])
  })

  it('does not remember views of products that it does not know', async () => {
    await using bench = await open()
    const view = { customerId: 'CU-ada', productId: 'NEVER-HEARD-OF', at: NOW }
    expect(await bench.graph.recordView(view)).toBe(false)
    expect(await bench.graph.viewedBy('CU-ada')).toEqual([])
  })

  it(`remembers the latest ${MAX_PURCHASES} products bought and ${MAX_VIEWS} looked at`, async () => {
    await using bench = await open()
    const { graph } = bench
    const ids = Array.from({ length: MAX_PURCHASES + 10 }, (_, index) => `P-${index}`)
    await graph.record(
      ids.map((id, index) => order(`O-${id}`, [id], { customerId: 'CU-ada', at: NOW + index })),
    )
    expect(await graph.boughtBy('CU-ada')).toEqual(ids.slice(10).reverse())
    const looked = ids.slice(0, MAX_VIEWS + 5)
    for (const [index, productId] of looked.entries()) {
      await graph.recordView({ customerId: 'CU-ada', productId, at: NOW + index })
    }
    expect(await graph.viewedBy('CU-ada')).toEqual(looked.slice(5).reverse())
  })
}
