import { describe, expect, it } from '@jest/globals'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import { openMemoryBus } from '@stoa/platform/event-bus.memory'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import { silentLog } from '@stoa/platform/log'
import { seededRandom } from '@stoa/platform/random'
import { openOrders } from './main.ts'

describe('openOrders', () => {
  it('names every variable that is missing before it starts anything', async () => {
    const clock = createVirtualClock()
    const random = seededRandom(1)
    await using store = openMemoryStore({ clock })
    await using bus = openMemoryBus({ clock, random, log: silentLog })
    const opened = openOrders({ store, bus, clock, random, log: silentLog, env: { PAYMENT_URL: 'bank' } })
    await expect(opened).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringMatching(/PAYMENT_URL.*\n.*ERP_URL/),
    })
    expect(await bus.consumers()).toEqual([])
  })
})
