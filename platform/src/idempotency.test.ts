import { describe, expect, it } from '@jest/globals'
import { createVirtualClock } from './clock.virtual.ts'
import type { Decider } from './decider.ts'
import { openMemoryStore } from './event-store.memory.ts'
import { type CommandPorts, handleCommand } from './handle-command.ts'
import type { IdempotencyKey } from './idempotency.ts'
import { seededRandom } from './random.ts'
import { ok } from './result.ts'

const HOUR_MS = 3_600_000

/** An order is placed once: what is so already is not done again, whether or not anybody remembers the key. */
const order: Decider<boolean, string, { type: 'Placed'; data: { by: string } }, never> = {
  initial: false,
  decide: (isPlaced, by) => ok(isPlaced ? [] : [{ type: 'Placed', data: { by } }]),
  evolve: () => true,
}

function setUp() {
  const clock = createVirtualClock()
  const store = openMemoryStore({ clock })
  const ports: CommandPorts = { store, clock, random: seededRandom(1) }
  const record = { table: 'idempotency', partition: 'customer:ada/place', sort: 'key-1' }
  const place = (more: Partial<IdempotencyKey> = {}) =>
    handleCommand(ports, {
      stream: 'order-1',
      decider: order,
      command: 'ada',
      meta: { correlationId: 'C-1' },
      idempotency: { scope: record.partition, key: record.sort, requestHash: 'h', ...more },
    })
  /** Time to live is looked at when something is written. */
  const writeSomething = () => store.commit({ rows: [{ table: 't', partition: 'p', sort: 's', value: {} }] })
  return { clock, store, place, record, writeSomething }
}

describe('a record of idempotency and its time to live', () => {
  it('is kept for 72 hours, and may go after that', async () => {
    const { clock, store, place, record, writeSomething } = setUp()
    await place()
    clock.advance(71 * HOUR_MS)
    await writeSomething()
    expect(await store.get(record)).toBeDefined()
    clock.advance(2 * HOUR_MS)
    await writeSomething()
    expect(await store.get(record)).toBeUndefined()
  })

  it('that has expired and is still there gives the first answer again', async () => {
    const { clock, store, place, record } = setUp()
    const first = await place()
    clock.advance(100 * HOUR_MS)
    expect(await store.get(record)).toBeDefined()
    expect(await place()).toEqual(first)
    expect(await store.load('order-1')).toHaveLength(1)
  })

  it('that has expired and is still there is not replaced by another request', async () => {
    const { clock, place } = setUp()
    await place()
    clock.advance(100 * HOUR_MS)
    expect(await place({ requestHash: 'other' })).toMatchObject({ error: { code: 'IDEMPOTENCY_KEY_REUSED' } })
  })

  it('that went early is not missed: the history decides, and nothing happens twice', async () => {
    const { store, place, record } = setUp()
    await place()
    await store.commit({ rows: [record] })
    expect(await place()).toMatchObject({ ok: true, value: { state: true, version: 1, events: [] } })
    expect(await store.load('order-1')).toHaveLength(1)
  })

  it('that goes between reading and committing is not missed either', async () => {
    const { store, place, record } = setUp()
    const both = await Promise.all([place(), place(), store.commit({ rows: [record] })])
    expect(both.slice(0, 2).every(({ ok: isOk }) => isOk)).toBe(true)
    expect(await store.load('order-1')).toHaveLength(1)
  })
})
