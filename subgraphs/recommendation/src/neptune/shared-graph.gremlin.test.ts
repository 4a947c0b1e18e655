import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import { openMemoryBus } from '@stoa/platform/event-bus.memory'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { startGremlin, whyNoGremlin } from '@stoa/servers/gremlin'
import type { LocalServer } from '@stoa/servers/local-server'
import { openMemoryAffinityGraph } from '../affinity-graph.memory.ts'
import { openNeptuneAffinityGraph } from '../affinity-graph.neptune.ts'
import { addOrder, noTaste, type ProductTaste, type Purchase } from '../domain/taste.ts'
import { importAssortment } from '../import.ts'
import { openRecommendation } from '../main.ts'
import type { AffinityGraph } from '../ports.ts'
import { ada, contextOf, created } from '../recommendation-bench.fixture.ts'
import { connectGremlin, type GremlinConnection } from './connection.ts'
import { withNeptuneLimits } from './limits.fixture.ts'
import { withRetries } from './with-retries.ts'

const reason = whyNoGremlin()
const describeHere = reason ? describe.skip : describe
const ports = { clock: systemClock, random: systemRandom, log: silentLog }
const NOW = Date.UTC(2026, 10, 21)

describeHere(reason ? `Gremlin is not tried: ${reason}` : 'a graph in Gremlin Server', () => {
  let server: LocalServer

  beforeAll(async () => {
    server = await startGremlin({ durable: true, others: 4 })
  })

  afterAll(async () => {
    await server[Symbol.asyncDispose]()
  })

  function connect(source: string): GremlinConnection {
    const connection = connectGremlin({ ...ports, url: server.endpoint, source, callWithinMs: 60_000 })
    return withRetries(withNeptuneLimits(connection), { ...ports, tries: 40 })
  }

  function open(source: string): AffinityGraph {
    return openNeptuneAffinityGraph({ ...ports, connection: connect(source), popularForMs: 0 })
  }

  it('counts once what several processes tell it at once, in spite of their conflicts', async () => {
    await using first = open('other1')
    await using second = open('other1')
    const orders = Array.from(
      { length: 30 },
      (_, index): Purchase => ({
        orderId: `O-${index}`,
        customerId: `CU-${index % 3}`,
        productIds: ['TEE', `P-${index % 4}`, `P-${(index + 1) % 4}`],
        at: NOW + index,
      }),
    )
    const told = [first, second].flatMap((graph) => [graph.record(orders), graph.record(orders.toReversed())])
    const counts = await Promise.all(told)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(orders.length)
    const tastes = new Map<string, ProductTaste>()
    for (const order of orders) {
      for (const id of order.productIds) tastes.set(id, addOrder(tastes.get(id) ?? noTaste, id, order))
    }
    const ids = [...tastes.keys()]
    const found = await second.neighbours(ids, 10)
    for (const [index, id] of ids.entries()) {
      const model = tastes.get(id)?.together ?? []
      expect(
        new Map(found[index]?.map(({ productId, weight }) => [productId, weight.toPrecision(9)])),
      ).toEqual(new Map(model.map(([productId, weight]) => [productId, weight.toPrecision(9)])))
    }
  })

  it('serves the subgraph, which takes in orders that came while the server was away, once', async () => {
    await using stack = new AsyncDisposableStack()
    const store = stack.use(openMemoryStore(ports))
    const time = createVirtualClock(Date.now())
    const bus = stack.use(openMemoryBus({ ...ports, clock: time }))
    await importAssortment(store, [
      { productId: 'TEE', category: 'tops', skus: ['TEE-M'] },
      { productId: 'POLO', category: 'tops', skus: ['POLO-M'] },
    ])
    const env = { GRAPH_URL: server.endpoint }
    const subgraph = stack.use(await openRecommendation({ ...ports, store, bus, env }))
    const at = Date.now()
    const tell = async (orderId: string, ...productIds: readonly string[]): Promise<void> =>
      await bus.publish([{ ...created(orderId, productIds, { customerId: 'CU-ada' }), at }])
    await tell('O-1', 'TEE', 'JEANS')
    await bus.idle()
    await server.kill()
    await tell('O-2', 'TEE', 'JEANS')
    const query =
      '{ _entities(representations: [{ __typename: "Product", productId: "JEANS" }]) { ... on Product { alsoBought { productId } } } }'
    const away = await subgraph.execute({ query, context: contextOf(ada) })
    expect(away.errors?.[0]).toMatchObject({ extensions: { code: 'STORE_UNAVAILABLE' } })
    expect(JSON.stringify(away)).not.toContain('127.0.0.1')
    await server.start()
    while ((await bus.consumers()).some(({ lag }) => lag > 0)) {
      // Longer than any pause between two tries.
      time.advance(400_000)
      await bus.idle()
      await new Promise((done) => setTimeout(done, 300))
    }
    await bus.replay({ consumer: 'recommendation.also-bought' })
    await bus.idle()
    const found = await subgraph.execute({ query, context: contextOf(ada) })
    expect(found.data).toEqual({ _entities: [{ alsoBought: [{ productId: 'TEE' }] }] })
    await using graph = open('g')
    const [neighbours] = await graph.neighbours(['JEANS'], 1)
    await using model = await openMemoryAffinityGraph(openMemoryStore(ports))
    await model.record(['A', 'B'].map((orderId) => ({ orderId, productIds: ['TEE', 'JEANS'], at })))
    expect(neighbours).toEqual((await model.neighbours(['JEANS'], 1))[0])
    expect(await graph.similar(['POLO'], 5)).toEqual([['TEE']])
  })
})
