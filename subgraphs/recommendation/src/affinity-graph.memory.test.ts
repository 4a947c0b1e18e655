import { describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import { affinityGraphContract } from './affinity-graph.contract.ts'
import { openMemoryAffinityGraph } from './affinity-graph.memory.ts'
import { importAffinity, type PastOrder } from './import.ts'

affinityGraphContract({
  name: 'the graph in memory',
  async open() {
    const store = openMemoryStore({ clock: systemClock })
    const graph = await openMemoryAffinityGraph(store)
    return {
      graph,
      reopen: () => openMemoryAffinityGraph(store),
      async [Symbol.asyncDispose]() {
        await graph[Symbol.asyncDispose]()
        await store[Symbol.asyncDispose]()
      },
    }
  },
})

describe('importing past orders', () => {
  const orders = Array.from(
    { length: 500 },
    (_, index): PastOrder => ({
      orderId: `O-${index}`,
      customerId: `CU-${index % 200}`,
      productIds: [0, 1, 2].map((step) => `P-${(index * 7 + step * 3) % 500}`),
      at: Date.UTC(2026, 9, 1) + index * 60_000,
    }),
  )

  it('takes few transactions, and can be taken up again', async () => {
    await using store = openMemoryStore({ clock: systemClock })
    let commits = 0
    const counting: typeof store = {
      ...store,
      commit: (transaction) => {
        commits += 1
        return store.commit(transaction)
      },
    }
    expect(await importAffinity(counting, orders.slice(0, 100))).toBe(100)
    expect(await importAffinity(counting, orders)).toBe(400)
    expect(commits).toBeLessThan(35)
    expect(await importAffinity(store, orders)).toBe(0)
  })

  it('works beside others who write to the same rows', async () => {
    await using store = openMemoryStore({ clock: systemClock })
    const shared = Array.from({ length: 4 }, (_, part) =>
      importAffinity(
        store,
        orders.filter((_, i) => i % 4 === part),
      ),
    )
    expect((await Promise.all(shared)).reduce((sum, fresh) => sum + fresh, 0)).toBe(500)
    await using graph = await openMemoryAffinityGraph(store)
    expect(await graph.popular(1_000)).toHaveLength(500)
  })
})
