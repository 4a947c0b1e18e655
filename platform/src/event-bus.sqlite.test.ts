import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { temporaryFolder } from '../test/temporary-folder.ts'
import { type BusPlace, listener, told } from './bus/contract/bench.contract.ts'
import { type SharedPlace, sharedBusContract } from './bus/contract/shared.contract.ts'
import { systemClock } from './clock.ts'
import { eventBusContract } from './event-bus.contract.ts'
import { openSqliteBus } from './event-bus.sqlite.ts'
import { silentLog } from './log.ts'
import { systemRandom } from './random.ts'

/** On a virtual clock nobody else comes near the file, and looking every few milliseconds would only take time. */
const alone = { pollMs: 1e12, leaseMs: 4e12 }

eventBusContract({
  name: 'the SQLite bus in memory',
  durable: false,
  runs: 30,
  place: async () => ({
    open: (options) => openSqliteBus({ ...options, path: ':memory:' }),
    [Symbol.asyncDispose]: async () => {},
  }),
})

eventBusContract({ name: 'the SQLite bus in a file', durable: true, runs: 15, place: placeOnDisk })

async function placeOnDisk(): Promise<BusPlace> {
  const folder = await temporaryFolder()
  return {
    open: (options) => openSqliteBus({ ...options, ...alone, path: join(folder.path, 'bus.db') }),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

describe('a bus file', () => {
  sharedBusContract({ serving: 'one', share: shareOnDisk })

  it('says so when the disk is full, and goes on when there is room again', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'bus.db')
    const options = { path, clock: systemClock, random: systemRandom, log: silentLog }
    let published = 0
    const fill = async (): Promise<never> => {
      await using small = openSqliteBus({ ...options, maxBytes: 300_000 })
      for (;;) {
        await small.publish([told('order-1', published + 1, { data: { text: 'x'.repeat(5000) } })])
        published += 1
      }
    }
    await expect(fill()).rejects.toMatchObject({ code: 'DISK_FULL' })
    await using bus = openSqliteBus(options)
    expect((await bus.archive({ limit: 1000 })).events.length).toBe(published)
    expect(published).toBeGreaterThan(20)
    const ada = listener('orders.ada')
    await bus.subscribe(ada.consumer)
    await bus.publish([told('order-1', published + 1)])
    await bus.idle()
    expect(ada.handled.length).toBe(published + 1)
  })
})

async function shareOnDisk(): Promise<SharedPlace> {
  const folder = await temporaryFolder()
  const path = join(folder.path, 'bus.db')
  const quick = { path, random: systemRandom, log: silentLog, leaseMs: 300, closeMs: 100 }
  return {
    open: (options) => openSqliteBus({ ...quick, clock: systemClock, ...options }),
    worker: [new URL('../test/handle-until-killed-main.ts', import.meta.url).pathname, path],
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}
