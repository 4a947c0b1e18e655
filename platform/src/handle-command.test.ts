import { describe, expect, it } from '@jest/globals'
import { createVirtualClock, type VirtualClock } from './clock.virtual.ts'
import type { Decider } from './decider.ts'
import { openMemoryStore } from './event-store.memory.ts'
import type { EventStore } from './event-store.ts'
import { handleCommand, loadState } from './handle-command.ts'
import type { IdempotencyKey } from './idempotency.ts'
import { seededRandom } from './random.ts'
import { err, ok } from './result.ts'

/** A shelf of one article: as small as a domain can be. */
interface Shelf {
  readonly units: number
}
type ShelfEvent =
  | { readonly type: 'UnitsPut'; readonly data: { readonly units: number } }
  | { readonly type: 'UnitTaken'; readonly data: { readonly by: string } }
type ShelfCommand =
  | { readonly kind: 'put'; readonly units: number }
  | { readonly kind: 'take'; readonly by: string }
interface SoldOut {
  readonly code: 'SOLD_OUT'
}

const shelf: Decider<Shelf, ShelfCommand, ShelfEvent, SoldOut> = {
  initial: { units: 0 },
  decide(state, command) {
    if (command.kind === 'take') {
      return state.units > 0
        ? ok([{ type: 'UnitTaken', data: { by: command.by } }])
        : err({ code: 'SOLD_OUT' })
    }
    return ok(command.units === 0 ? [] : [{ type: 'UnitsPut', data: { units: command.units } }])
  },
  evolve(state, event) {
    return { units: event.type === 'UnitsPut' ? state.units + event.data.units : state.units - 1 }
  },
}

const stream = 'shelf-TEE-1'
const meta = { correlationId: 'C-1', causationId: 'R-1' }

function setUp(store: EventStore = openMemoryStore({ clock: createVirtualClock() })) {
  const ports = { store, clock: createVirtualClock(), random: seededRandom(1) }
  return {
    store,
    run: (command: ShelfCommand, idempotency?: IdempotencyKey) =>
      handleCommand(ports, {
        stream,
        decider: shelf,
        command,
        meta,
        ...(idempotency ? { idempotency } : {}),
      }),
    ports,
  }
}

describe('handling a command', () => {
  it('appends what was decided, with ids, time and where it came from', async () => {
    const { run, store, ports } = setUp()
    const outcome = await run({ kind: 'put', units: 3 })
    expect(outcome).toMatchObject({ ok: true, value: { state: { units: 3 }, version: 1 } })
    const [event] = await store.load(stream)
    expect(event).toMatchObject({
      type: 'UnitsPut',
      data: { units: 3 },
      meta,
      at: ports.clock.now(),
      version: 1,
    })
    expect(event?.id).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('answers a refusal as a value and appends nothing', async () => {
    const { run, store } = setUp()
    expect(await run({ kind: 'take', by: 'ada' })).toEqual(err({ code: 'SOLD_OUT' }))
    expect(await store.load(stream)).toEqual([])
  })

  it('appends nothing when there is nothing to do', async () => {
    const { run, store } = setUp()
    expect(await run({ kind: 'put', units: 0 })).toMatchObject({
      ok: true,
      value: { version: 0, events: [] },
    })
    expect(await store.load(stream)).toEqual([])
  })

  it('folds a stream longer than one page', async () => {
    const { run, store } = setUp()
    for (let i = 0; i < 1003; i++) await run({ kind: 'put', units: 2 })
    expect(await loadState(store, { stream, decider: shelf })).toEqual({
      state: { units: 2006 },
      version: 1003,
      origin: meta,
    })
  })

  it('writes rows in the same transaction', async () => {
    const { ports, store } = setUp()
    const key = { table: 'shelf', partition: 'TEE-1', sort: 'now' }
    await handleCommand(ports, {
      stream,
      decider: shelf,
      command: { kind: 'put', units: 4 },
      meta,
      rows: ({ state, version }) => [{ ...key, value: { units: state.units, version } }],
    })
    expect((await store.get(key))?.value).toEqual({ units: 4, version: 1 })
  })
})

describe('a race', () => {
  it('for the last unit has one winner, and the other is told it is sold out', async () => {
    const { run, store } = setUp()
    await run({ kind: 'put', units: 1 })
    const outcomes = await Promise.all([run({ kind: 'take', by: 'ada' }), run({ kind: 'take', by: 'bo' })])
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1)
    expect(outcomes.filter((outcome) => !outcome.ok)).toEqual([err({ code: 'SOLD_OUT' })])
    expect(await store.load(stream)).toHaveLength(2)
  })

  it('of two hundred ends with all of them through in the order they came, each decided once', async () => {
    const { run, store } = setUp()
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, i) => run({ kind: 'put', units: i + 1 })),
    )
    expect(outcomes.map((outcome) => outcome.ok && outcome.value.version)).toEqual(
      Array.from({ length: 200 }, (_, i) => i + 1),
    )
    const units = (await store.load(stream)).map((event) => event.data['units'])
    expect(units).toEqual(Array.from({ length: 200 }, (_, i) => i + 1))
  })

  it('with other processes is won in the end by each of them', async () => {
    const { store } = setUp()
    // Each has its own view of the store, so no queue is shared.
    const processes = Array.from({ length: 10 }, () => setUp({ ...store }))
    const racing = processes.map(({ run }) => run({ kind: 'put', units: 1 }))
    const passing = passTime(processes.map(({ ports }) => ports.clock))
    expect((await Promise.all(racing)).every((outcome) => outcome.ok)).toBe(true)
    passing.stop()
    expect((await loadState(store, { stream, decider: shelf })).state.units).toBe(10)
  })

  it('that is lost again and again ends with a fault that may be tried again', async () => {
    const { store } = setUp()
    const unlucky: EventStore = {
      ...store,
      commit: async () => err({ code: 'CONFLICT', on: [stream] }),
    }
    const { run, ports } = setUp(unlucky)
    const passing = passTime([ports.clock])
    await expect(run({ kind: 'put', units: 1 })).rejects.toMatchObject({ code: 'CONFLICT', retryable: true })
    passing.stop()
  })

  it('that a thousand wait for turns the next one away', async () => {
    const { run } = setUp()
    const outcomes = await Promise.allSettled(
      Array.from({ length: 1_001 }, () => run({ kind: 'put', units: 1 })),
    )
    expect(outcomes.filter((outcome) => outcome.status === 'rejected')).toEqual([
      { status: 'rejected', reason: expect.objectContaining({ code: 'OVERLOADED', retryable: true }) },
    ])
  })
})

describe('the chain of a fact', () => {
  it('is that of the request, or of the first fact of its stream for those who keep to it', async () => {
    const { ports, store, run } = setUp()
    await run({ kind: 'put', units: 9 })
    const take = { stream, decider: shelf, command: { kind: 'take', by: 'ada' } } as const
    await handleCommand(ports, { ...take, meta: { correlationId: 'C-2' } })
    await handleCommand(ports, { ...take, meta: { correlationId: 'C-2' }, chain: 'stream' })
    await handleCommand(ports, {
      ...take,
      meta: { correlationId: 'wms-1', causationId: 'E-1' },
      chain: 'stream',
    })
    expect((await store.load(stream)).map((event) => event.meta)).toEqual([
      meta,
      { correlationId: 'C-2' },
      { correlationId: 'C-1', causationId: 'C-2' },
      { correlationId: 'C-1', causationId: 'E-1' },
    ])
  })
})

/** Lets each pause end as soon as it begins. */
function passTime(clocks: readonly VirtualClock[]): { readonly stop: () => void } {
  const timer = setInterval(() => {
    for (const clock of clocks) clock.advance(1_000)
  }, 1)
  return { stop: () => clearInterval(timer) }
}

describe('an idempotency key', () => {
  const key: IdempotencyKey = { scope: 'customer:CU-1/take', key: 'K-1', requestHash: 'abc' }

  it('used fifty times at once has one effect and fifty equal answers', async () => {
    const { run, store } = setUp()
    await run({ kind: 'put', units: 100 })
    const answers = await Promise.all(Array.from({ length: 50 }, () => run({ kind: 'take', by: 'ada' }, key)))
    expect(await store.load(stream)).toHaveLength(2)
    for (const answer of answers) expect(JSON.stringify(answer)).toBe(JSON.stringify(answers[0]))
    expect(answers[0]).toMatchObject({ ok: true, value: { version: 2, state: { units: 99 } } })
  })

  it('gives the first answer even when the world has moved on', async () => {
    const { run } = setUp()
    await run({ kind: 'put', units: 2 })
    const first = await run({ kind: 'take', by: 'ada' }, key)
    await run({ kind: 'take', by: 'bo' })
    expect(await run({ kind: 'take', by: 'ada' }, key)).toEqual(first)
  })

  it('is refused for another request', async () => {
    const { run, store } = setUp()
    await run({ kind: 'put', units: 2 })
    await run({ kind: 'take', by: 'ada' }, key)
    const other = await run({ kind: 'take', by: 'bo' }, { ...key, requestHash: 'xyz' })
    expect(other).toMatchObject({ ok: false, error: { code: 'IDEMPOTENCY_KEY_REUSED' } })
    expect(await store.load(stream)).toHaveLength(2)
  })

  it('of another caller is another key', async () => {
    const { run, store } = setUp()
    await run({ kind: 'put', units: 2 })
    await run({ kind: 'take', by: 'ada' }, key)
    await run({ kind: 'take', by: 'bo' }, { ...key, scope: 'customer:CU-2/take' })
    expect(await store.load(stream)).toHaveLength(3)
  })

  it('is not used up by a refusal', async () => {
    const { run } = setUp()
    expect((await run({ kind: 'take', by: 'ada' }, key)).ok).toBe(false)
    await run({ kind: 'put', units: 1 })
    expect((await run({ kind: 'take', by: 'ada' }, key)).ok).toBe(true)
  })

  it('is remembered when there was nothing to do', async () => {
    const { run, store } = setUp()
    const nothing = await run({ kind: 'put', units: 0 }, key)
    await run({ kind: 'put', units: 5 })
    expect(await run({ kind: 'put', units: 0 }, key)).toEqual(nothing)
    expect(await store.load(stream)).toHaveLength(1)
  })
})
