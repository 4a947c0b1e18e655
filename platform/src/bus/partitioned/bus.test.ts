import { describe, expect, it } from '@jest/globals'
import { createVirtualClock } from '../../clock.virtual.ts'
import type { Envelope } from '../../event.ts'
import { eventBusContract } from '../../event-bus.contract.ts'
import type { EventBus } from '../../event-bus.ts'
import { silentLog } from '../../log.ts'
import { seededRandom } from '../../random.ts'
import { listener, type OpenOptions, told, toldMany } from '../contract/bench.contract.ts'
import { createMemoryBusLog } from '../memory/log.ts'
import { createPartitionedBus, type PartitionedBusParts } from './bus.ts'

/** By the last character of the stream: `order-1` is in partition 1 of 3. */
function byLastCharacter(count: number): (event: Envelope) => number {
  return ({ stream }) => (stream.codePointAt(stream.length - 1) ?? 0) % count
}

function openPartitions(options: OpenOptions, count: number): EventBus {
  const stores = Array.from({ length: count }, createMemoryBusLog)
  return createPartitionedBus({ ...options, stores, partitionOf: byLastCharacter(count) })
}

for (const count of [1, 3]) {
  eventBusContract({
    name: `a bus of ${count} memory partitions`,
    durable: false,
    runs: 30,
    place: async () => ({
      open: (options) => openPartitions(options, count),
      [Symbol.asyncDispose]: async () => {},
    }),
  })
}

function openOnStores(more: Partial<PartitionedBusParts> = {}): EventBus {
  return createPartitionedBus({
    clock: createVirtualClock(),
    random: seededRandom(1),
    log: silentLog,
    stores: Array.from({ length: 3 }, createMemoryBusLog),
    partitionOf: byLastCharacter(3),
    ...more,
  })
}

describe('a bus over several partitions', () => {
  it('reads the archive by the time of the events, in order within a partition, both ways', async () => {
    await using bus = openOnStores()
    const all = [1, 2, 3].flatMap((stream) =>
      [1, 2, 3, 4].map((n) => told(`order-${stream}`, n, { at: n * 10 + stream })),
    )
    await bus.publish(all)
    const inTime = all.toSorted((a, b) => a.at - b.at).map(({ id }) => id)
    expect(await readIds(bus, { limit: 5 })).toEqual(inTime)
    expect(await readIds(bus, { limit: 5, descending: true })).toEqual(inTime.toReversed())
    expect(await readIds(bus, { limit: 1, pattern: { detail: { n: [2] } } })).toEqual(
      inTime.filter((id) => id.endsWith('@2')),
    )
  })

  it('continues an archive where it ended when more has come meanwhile', async () => {
    await using bus = openOnStores()
    await bus.publish([told('order-1', 1), told('order-2', 1), told('order-3', 1)])
    const first = await bus.archive({ limit: 2 })
    await bus.publish([told('order-1', 2), told('order-2', 2)])
    const rest = await bus.archive({ limit: 10, after: first.next ?? '' })
    const ids = [...first.events, ...rest.events].map(({ id }) => id)
    expect(ids.toSorted()).toEqual(['order-1@1', 'order-1@2', 'order-2@1', 'order-2@2', 'order-3@1'])
  })

  it('refuses a position of a bus with another number of partitions', async () => {
    await using bus = openOnStores()
    for (const after of ['1', '1.2', '1.2.3.4', '1.2.x']) {
      await expect(bus.archive({ limit: 1, after })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    }
  })

  it('refuses a batch as a whole when one of its events has no identity', async () => {
    await using bus = openOnStores()
    const publishing = bus.publish([told('order-1', 1), told('order-2', 1, { id: '' })])
    await expect(publishing).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    expect((await bus.archive({ limit: 1 })).events).toEqual([])
  })

  it('rests only when a chain of events through its partitions has ended', async () => {
    await using bus = openOnStores()
    const handled: string[] = []
    const chain = listener('orders.chain', {}, async ({ stream, version, id }) => {
      handled.push(id)
      const next = Number(stream.slice(-1)) + 1
      if (next < 9) await bus.publish([told(`order-${next}`, version)])
    })
    await bus.subscribe(chain.consumer)
    await bus.publish([told('order-1', 1)])
    await bus.idle()
    expect(handled.at(-1)).toBe('order-8@1')
  })

  it('serves the partitions that are its own, and those that become so', async () => {
    let mine = new Set([0, 1])
    let change = (): void => {}
    await using bus = openOnStores({
      join: async (_, onChange) => {
        change = onChange
        return { isMine: (partition) => mine.has(partition), [Symbol.asyncDispose]: async () => {} }
      },
    })
    const ada = listener('orders.ada')
    await bus.subscribe(ada.consumer)
    await bus.publish([told('order-1', 1), told('order-2', 1), told('order-3', 1)])
    await bus.idle()
    // order-1, order-2 and order-3 are in partitions 1, 2 and 0.
    expect(ada.handled.toSorted()).toEqual(['order-1@1', 'order-3@1'])
    mine = new Set([2])
    change()
    await bus.publish([told('order-1', 2), told('order-2', 2)])
    await bus.idle()
    expect(ada.handled.slice(2)).toEqual(['order-2@1', 'order-2@2'])
    expect(await bus.consumers()).toEqual([{ name: 'orders.ada', lag: 1, parked: 0, deadLetters: 0 }])
  })

  it('takes a partition up again later when it cannot at first', async () => {
    const clock = createVirtualClock()
    const stores = Array.from({ length: 3 }, createMemoryBusLog)
    let failures = 1
    const claim = stores[1]?.claim
    const sick = {
      ...stores[1],
      claim: (request: Parameters<NonNullable<typeof claim>>[0]) => {
        failures -= 1
        return failures >= 0 ? Promise.reject(new Error('away')) : claim?.(request)
      },
    } as (typeof stores)[number]
    let mine = new Set([0])
    let change = (): void => {}
    await using bus = openOnStores({
      clock,
      stores: [...stores.slice(0, 1), sick, ...stores.slice(2)],
      join: async (_, onChange) => {
        change = onChange
        return { isMine: (partition) => mine.has(partition), [Symbol.asyncDispose]: async () => {} }
      },
    })
    const ada = listener('orders.ada')
    await bus.subscribe(ada.consumer)
    await bus.publish(toldMany('order-1', 2))
    mine = new Set([0, 1])
    change()
    await bus.idle()
    expect(ada.handled).toEqual([])
    clock.advance(1000)
    await bus.idle()
    expect(ada.handled).toEqual(['order-1@1', 'order-1@2'])
  })
})

async function readIds(bus: EventBus, query: Parameters<EventBus['archive']>[0]): Promise<readonly string[]> {
  const ids: string[] = []
  let after: string | undefined
  do {
    const page = await bus.archive({ ...query, ...(after === undefined ? {} : { after }) })
    ids.push(...page.events.map(({ id }) => id))
    after = page.next
  } while (after !== undefined)
  return ids
}
