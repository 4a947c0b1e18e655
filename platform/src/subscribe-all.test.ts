import { describe, expect, it } from '@jest/globals'
import { listener, told } from './bus/contract/bench.contract.ts'
import { createVirtualClock } from './clock.virtual.ts'
import { openMemoryBus } from './event-bus.memory.ts'
import { silentLog } from './log.ts'
import { seededRandom } from './random.ts'
import { subscribeAll } from './subscribe-all.ts'

const clock = createVirtualClock()

describe('consumers that are subscribed together', () => {
  it('are closed together: while one hangs, the others take nothing any more', async () => {
    await using bus = openMemoryBus({ clock, random: seededRandom(1), log: silentLog, closeMs: 60_000 })
    const end = Promise.withResolvers<void>()
    const hung = listener('orders.hung', {}, () => end.promise)
    const [ada, bo] = [listener('orders.ada'), listener('orders.bo')]
    const all = await subscribeAll(bus, [ada.consumer, hung.consumer, bo.consumer])
    await bus.publish([told('order-1', 1)])
    while (hung.tellings.length + ada.handled.length + bo.handled.length < 3)
      await new Promise((resolve) => setImmediate(resolve))
    const closing = all[Symbol.asyncDispose]()
    await bus.publish([told('order-1', 2)])
    end.resolve()
    await closing
    expect([ada.handled, hung.handled, bo.handled]).toEqual([['order-1@1'], ['order-1@1'], ['order-1@1']])
  })

  it('are all taken back when one is refused', async () => {
    await using bus = openMemoryBus({ clock, random: seededRandom(1), log: silentLog })
    const { consumer } = listener('orders.ada')
    await expect(subscribeAll(bus, [consumer, consumer])).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    expect(bus.serving()).toEqual([])
  })
})
