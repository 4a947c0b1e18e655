import { describe, expect, it } from '@jest/globals'
import { listener, told } from './bus/contract/bench.contract.ts'
import { systemClock } from './clock.ts'
import type { Envelope, RecordedEvent } from './event.ts'
import { openMemoryBus } from './event-bus.memory.ts'
import { openMemoryStore } from './event-store.memory.ts'
import type { EventStore, FeedHandler } from './event-store.ts'
import { silentLog } from './log.ts'
import { systemRandom } from './random.ts'
import { startRelay } from './relay.ts'
import { append, appendTo, eventually } from './store/contract/parts.contract.ts'

const parts = { clock: systemClock, random: systemRandom, log: silentLog }

describe('the relay', () => {
  it('publishes what a store records, in order per stream, with the name of who tells it', async () => {
    await using store = await openMemoryStore(parts)
    await using bus = openMemoryBus(parts)
    const ada = listener('orders.ada')
    await bus.subscribe(ada.consumer)
    await append(store, appendTo('order-1', 0, 2), appendTo('order-2', 0))
    await using _ = await startRelay({ store, bus, source: 'orders', log: silentLog })
    await append(store, appendTo('order-1', 2, 2))
    await eventually(() => ada.handled.length === 5, 'five events')
    const seen = ada.tellings.map(({ event }) => event)
    const versions = (stream: string): readonly number[] =>
      seen.filter((event) => event.stream === stream).map((event) => event.version)
    expect([versions('order-1'), versions('order-2')]).toEqual([[1, 2, 3, 4], [1]])
    expect(new Set(seen.map((event) => event.source))).toEqual(new Set(['orders']))
    const { source: _source, ...recorded } = seen.find((event) => event.version === 4) ?? told('', 0)
    expect((await store.load('order-1')).at(-1)).toEqual(recorded)
  })

  it('answers a batch only when the bus has it, so that a failing bus gets it again', async () => {
    const { store, tell } = storeThatTells()
    const published: (readonly Envelope[])[] = []
    let sick = true
    const publish = async (events: readonly Envelope[]): Promise<void> => {
      published.push(events)
      if (sick) throw new Error('sick')
    }
    await using _ = await startRelay({ store, bus: { publish }, source: 'orders', log: silentLog })
    await expect(tell([told('order-1', 1)])).rejects.toThrow('sick')
    sick = false
    await tell([told('order-1', 1)])
    expect(published.length).toBe(2)
  })
})

/** A store whose feed is driven by the test. */
function storeThatTells(): {
  readonly store: Pick<EventStore, 'follow'>
  readonly tell: (events: readonly RecordedEvent[]) => Promise<void>
} {
  let handler: FeedHandler = async () => {}
  return {
    tell: (events) => handler(events),
    store: {
      async follow(consumer, handle) {
        expect(consumer).toBe('relay')
        handler = handle
        return { [Symbol.asyncDispose]: async () => {} }
      },
    },
  }
}
