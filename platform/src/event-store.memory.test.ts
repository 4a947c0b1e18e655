import { describe, expect, it } from '@jest/globals'
import { systemClock } from './clock.ts'
import { createVirtualClock } from './clock.virtual.ts'
import { eventStoreContract } from './event-store.contract.ts'
import { openMemoryStore } from './event-store.memory.ts'

eventStoreContract({
  name: 'the memory store',
  durable: false,
  async open() {
    const store = openMemoryStore({ clock: systemClock })
    return { store, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() }
  },
})

describe('the memory store', () => {
  it('forgets rows some time after they expired', async () => {
    const clock = createVirtualClock()
    await using store = openMemoryStore({ clock })
    const key = { table: 't', partition: 'p', sort: 's' }
    await store.commit({ rows: [{ ...key, value: {}, expiresAt: clock.now() + 1000 }] })
    clock.advance(2 * 3_600_000)
    await store.commit({ rows: [{ ...key, sort: 'other', value: {} }] })
    expect(await store.get(key)).toBeUndefined()
  })

  it('says so when it is used after closing', async () => {
    const store = openMemoryStore({ clock: systemClock })
    await store[Symbol.asyncDispose]()
    await expect(store.load('s')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: false })
  })
})
