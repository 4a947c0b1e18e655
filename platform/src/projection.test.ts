import { describe, expect, it } from '@jest/globals'
import { createVirtualClock } from './clock.virtual.ts'
import type { Envelope } from './event.ts'
import type { Consumer, EventBus } from './event-bus.ts'
import { openMemoryStore } from './event-store.memory.ts'
import { type Projection, runProjection } from './projection.ts'

const total = { table: 'sales', partition: 'all', sort: 'total' }

/** How many orders each customer placed, and how many there are at all. */
const orderCounts: Projection = {
  name: 'orders.counts',
  eventTypes: ['OrderCreated'],
  keys: (event) => [total, ofCustomer(event)],
  project: (event, rows) =>
    [total, ofCustomer(event)].map((key) => {
      const before = rows.get(`${key.partition}/${key.sort}`)
      return { ...key, value: { count: Number(before?.['count'] ?? 0) + 1 } }
    }),
}

function ofCustomer(event: Envelope) {
  return { table: 'sales', partition: 'by-customer', sort: String(event.data['customerId']) }
}

function orderCreated(order: string, customerId: string, version = 1): Envelope {
  const meta = { correlationId: 'C-1' }
  const data = { customerId }
  return {
    id: `${order}-${version}`,
    type: 'OrderCreated',
    at: 0,
    data,
    meta,
    stream: order,
    version,
    source: 'orders',
  }
}

/** A bus that hands the one consumer whatever the test says. */
async function setUp() {
  const store = openMemoryStore({ clock: createVirtualClock() })
  const consumers: Consumer[] = []
  const subscribe: EventBus['subscribe'] = async (consumer) => {
    consumers.push(consumer)
    return { [Symbol.asyncDispose]: async () => {} }
  }
  // Only `subscribe` is called; a whole bus would prove nothing more here.
  await runProjection({ bus: { subscribe } as EventBus, store }, orderCounts)
  const [consumer] = consumers
  if (!consumer) throw new Error('Expected a consumer.')
  const delivery = { attempt: 1, replay: false, signal: AbortSignal.timeout(10_000) }
  const count = async (key: typeof total) => (await store.get(key))?.value['count']
  return { consumer, count, tell: (event: Envelope) => consumer.handle(event, delivery) }
}

describe('a projection', () => {
  it('subscribes by its name to its events, imported history included', async () => {
    const { consumer } = await setUp()
    expect(consumer).toMatchObject({
      name: 'orders.counts',
      pattern: { 'detail-type': ['OrderCreated'] },
      imported: true,
    })
  })

  it('turns facts into rows', async () => {
    const { tell, count } = await setUp()
    await tell(orderCreated('order-1', 'ada'))
    await tell(orderCreated('order-2', 'bo'))
    await tell(orderCreated('order-3', 'ada'))
    expect(await count(total)).toBe(3)
    expect(await count({ ...total, partition: 'by-customer', sort: 'ada' })).toBe(2)
  })

  it('takes in a fact once however often it is told', async () => {
    const { tell, count } = await setUp()
    for (let i = 0; i < 3; i++) await tell(orderCreated('order-1', 'ada', 2))
    await tell(orderCreated('order-1', 'ada', 1))
    await Promise.all([1, 2, 3].map(() => tell(orderCreated('order-2', 'ada'))))
    expect(await count(total)).toBe(2)
  })

  it('loses no count when facts of different streams meet in one row', async () => {
    const { tell, count } = await setUp()
    const told = Array.from({ length: 5 }, (_, i) => tell(orderCreated(`order-${i}`, `cleo-${i}`)))
    await Promise.all(told)
    expect(await count(total)).toBe(5)
  })

  it('asks to be told again when the row never stands still', async () => {
    const { tell, count } = await setUp()
    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, (_, i) => tell(orderCreated(`o-${i}`, 'ada'))),
    )
    const done = outcomes.filter((outcome) => outcome.status === 'fulfilled').length
    expect(await count(total)).toBe(done)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ code: 'CONFLICT', retryable: true })
    }
  })
})
