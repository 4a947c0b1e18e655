import { describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import type { Envelope } from '@stoa/platform/event'
import { openMemoryBus } from '@stoa/platform/event-bus.memory'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import { silentLog } from '@stoa/platform/log'
import { seededRandom } from '@stoa/platform/random'
import type { Principal, SubgraphRequest, SubgraphResponse } from '@stoa/platform/subgraph'
import type { OrderCreated } from '@stoa/schema/events'
import { openLive } from './main.ts'

const parts = { clock: systemClock, random: seededRandom(5), log: silentLog, env: {} }
const ada: Principal = { kind: 'customer', customerId: 'CU-ada', scopes: [] }
const bo: Principal = { kind: 'customer', customerId: 'CU-bo', scopes: [] }
const nobody: Principal = { kind: 'anonymous' }
const operator: Principal = { kind: 'operator', operatorId: 'OP-1', scopes: ['orders:read'] }

async function openBench() {
  const stack = new AsyncDisposableStack()
  const store = stack.use(openMemoryStore(parts))
  const bus = stack.use(openMemoryBus(parts))
  const subgraph = stack.use(await openLive({ ...parts, store, bus }))
  const leaving = new AbortController()
  return {
    async tell(...events: readonly Envelope[]) {
      await bus.publish(events)
      await bus.idle()
    },
    leave: () => leaving.abort(),
    async listen(query: string, principal: Principal): Promise<AsyncIterator<SubgraphResponse>> {
      const context: SubgraphRequest['context'] = {
        ...{
          principal,
          market: 'IT',
          language: 'en',
          correlationId: 'visit-1',
          deadline: Date.now() + 60_000,
        },
      }
      const told = await subgraph.subscribe?.({ query, context }, leaving.signal)
      if (!told) throw new Error('Expected subscriptions.')
      return told[Symbol.asyncIterator]()
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

let facts = 0

function fact(type: string, data: Envelope['data'], source = 'orders'): Envelope {
  facts += 1
  const id = `${type}-${facts}`
  const meta = { correlationId: 'visit-1' }
  return { type, data, source, id, at: Date.now(), meta, stream: `any-${id}`, version: 1 }
}

function placed(orderId: string, customerId?: string): Envelope {
  const price = { minor: 1_000, currency: 'EUR' } as const
  const data: OrderCreated = {
    ...{ orderId, orderNumber: orderId, email: 'ada@example.com', language: 'en', market: 'IT', lines: [] },
    ...{ subtotal: price, shipping: price, tax: price, total: price, paymentToken: 'tok' },
    delivery: { method: 'PICKUP', locationId: 'ST-1' },
    ...(customerId !== undefined && { customerId }),
  }
  return fact('OrderCreated', JSON.parse(JSON.stringify(data)))
}

const watch = 'subscription { orderChanged(orderId: "O-1") { orderId } }'
const told = { data: { orderChanged: { orderId: 'O-1' } } }

describe('an order', () => {
  it('is told at once, and after each change of it, to its customer', async () => {
    await using bench = await openBench()
    await bench.tell(placed('O-1', 'CU-ada'))
    const items = await bench.listen(watch, ada)
    expect((await items.next()).value).toEqual(told)
    await bench.tell(fact('OrderProcessed', { orderId: 'O-2' }), fact('OrderProcessed', { orderId: 'O-1' }))
    expect((await items.next()).value).toEqual(told)
    await bench.tell(fact('AvailabilityChanged', { sku: 'TEE' }, 'inventory'))
    await bench.tell(fact('ShipmentPrepared', { orderId: 'O-1' }), fact('OrderFulfilled', { orderId: 'O-1' }))
    expect((await items.next()).value).toEqual(told)
    const waiting = items.next()
    bench.leave()
    expect((await waiting).done).toBe(true)
  })

  it.each([
    ['an operator who may read orders', operator, 'CU-ada'],
    ["whoever holds a guest's id", nobody, undefined],
  ])('is told to %s', async (_who, principal, customerId) => {
    await using bench = await openBench()
    await bench.tell(placed('O-1', customerId))
    expect((await (await bench.listen(watch, principal)).next()).value).toEqual(told)
    bench.leave()
  })

  it.each([
    ['another customer', bo, placed('O-1', 'CU-ada')],
    ['nobody in particular', nobody, placed('O-1', 'CU-ada')],
    ['anybody when there is none', ada, placed('O-2', 'CU-ada')],
  ])('is refused to %s with the same words', async (_who, principal, order) => {
    await using bench = await openBench()
    await bench.tell(order)
    const items = await bench.listen(watch, principal)
    expect((await items.next()).value).toMatchObject({
      errors: [
        {
          message: expect.stringMatching(/^There is no order O-1 that you may see/),
          extensions: { code: 'NOT_FOUND' },
        },
      ],
    })
    expect((await items.next()).done).toBe(true)
  })

  it('may be listened for before it was heard of here', async () => {
    await using bench = await openBench()
    const listening = bench.listen(watch, ada)
    await bench.tell(placed('O-1', 'CU-ada'))
    expect((await (await listening).next()).value).toEqual(told)
    bench.leave()
  })
})

describe('what can be promised', () => {
  it('is told for each of the SKUs at once, and again for the one that changed', async () => {
    await using bench = await openBench()
    const items = await bench.listen(
      'subscription { availabilityChanged(skus: ["TEE", "MUG"]) { sku } }',
      nobody,
    )
    const next = async () => (await items.next()).value?.data?.['availabilityChanged']
    expect([await next(), await next()]).toEqual([{ sku: 'TEE' }, { sku: 'MUG' }])
    for (let i = 0; i < 3; i++) await bench.tell(fact('AvailabilityChanged', { sku: 'MUG' }, 'inventory'))
    await bench.tell(fact('StockMoved', { sku: 'TEE' }, 'inventory'))
    expect(await next()).toEqual({ sku: 'MUG' })
    await bench.tell(fact('AvailabilityChanged', { sku: 'TEE' }, 'inventory'))
    expect(await next()).toEqual({ sku: 'TEE' })
    bench.leave()
  })

  it.each([
    ['skus: []', 'Expected 1 to 100 different SKUs, got 0.'],
    ['skus: ["a b"]', 'Expected a SKU such as'],
    [`skus: ${JSON.stringify(Array.from({ length: 101 }, (_, i) => `S-${i}`))}`, 'got 101.'],
  ])('is refused for what is none: %#', async (argument, message) => {
    await using bench = await openBench()
    const items = await bench.listen(`subscription { availabilityChanged(${argument}) { sku } }`, nobody)
    expect((await items.next()).value).toMatchObject({
      errors: [{ message: expect.stringContaining(message), extensions: { code: 'BAD_REQUEST' } }],
    })
  })
})
