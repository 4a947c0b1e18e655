import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@stoa/platform/clock'
import type { Envelope } from '@stoa/platform/event'
import type { EventBus } from '@stoa/platform/event-bus'
import { openMemoryBus } from '@stoa/platform/event-bus.memory'
import { openSqliteBus } from '@stoa/platform/event-bus.sqlite'
import { compilePattern, eventView } from '@stoa/platform/event-pattern'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'

// Events per second from publish to handled by all of six consumers, and what matching costs.
// Run: node bench/src/bus.ts

const CONSUMERS = 6
const BATCH = 100
const parts = { clock: systemClock, random: systemRandom, log: silentLog }

const figures = {
  memoryEventsPerSecond: await measure(() => openMemoryBus(parts), 100_000),
  sqliteEventsPerSecond: await onDisk((path) => measure(() => openSqliteBus({ ...parts, path }), 40_000)),
  sqliteSingleEventMs: await onDisk((path) => measureOneByOne(() => openSqliteBus({ ...parts, path }), 500)),
  memory300ConsumersEventsPerSecond: await measure(() => openMemoryBus(parts), 50_000, 300),
  patternMatchesPerSecond: measureMatching(),
}

for (const [name, value] of Object.entries(figures)) {
  process.stderr.write(`${name.padEnd(36)} ${value.toLocaleString('en')}\n`)
}
process.stdout.write(`${JSON.stringify({ name: 'bus', figures })}\n`)

/** Each event is for all six consumers; beyond six, the others listen to types that never come. */
async function measure(open: () => EventBus, count: number, consumers = CONSUMERS): Promise<number> {
  await using bus = open()
  let handled = 0
  await subscribeAll(bus, consumers, () => {
    handled += 1
  })
  const start = performance.now()
  for (let i = 0; i < count; i += BATCH) await bus.publish(eventsFrom(i, BATCH))
  await bus.idle()
  const seconds = (performance.now() - start) / 1000
  if (handled !== count * CONSUMERS) throw new Error(`Handled ${handled} of ${count * CONSUMERS} deliveries.`)
  return Math.round(count / seconds)
}

/** From publishing one event to the last of six consumers having handled it, one after the other: median. */
async function measureOneByOne(open: () => EventBus, count: number): Promise<number> {
  await using bus = open()
  let left = 0
  let done = (): void => {}
  await subscribeAll(bus, CONSUMERS, () => {
    left -= 1
    if (left === 0) done()
  })
  const times: number[] = []
  for (let i = 0; i < count; i++) {
    const start = performance.now()
    left = CONSUMERS
    const handled = new Promise<void>((resolve) => {
      done = resolve
    })
    await Promise.all([bus.publish(eventsFrom(i, 1)), handled])
    times.push(performance.now() - start)
  }
  return Number((times.toSorted((a, b) => a - b)[count >> 1] ?? 0).toFixed(3))
}

async function subscribeAll(bus: EventBus, consumers: number, onHandled: () => void): Promise<void> {
  for (let i = 0; i < consumers; i++) {
    const types = i < CONSUMERS ? ['OrderCreated', 'OrderCancelled'] : [`Type${i}`]
    const name = `bench.consumer-${i}`
    await bus.subscribe({ name, pattern: { 'detail-type': types }, handle: async () => onHandled() })
  }
}

function eventsFrom(first: number, count: number): readonly Envelope[] {
  return Array.from({ length: count }, (_, i) => eventOf(first + i))
}

function eventOf(n: number): Envelope {
  const lines = [
    { lineId: '1', sku: `TEE-${n % 50}`, quantity: 1 + (n % 3), unitPrice: { minor: 1999, currency: 'EUR' } },
  ]
  return {
    id: `E-${n}`,
    type: n % 10 === 0 ? 'OrderCancelled' : 'OrderCreated',
    at: 1_767_600_000_000 + n,
    stream: `order-O-${n % 1000}`,
    version: Math.floor(n / 1000) + 1,
    source: 'orders',
    data: { orderId: `O-${n % 1000}`, market: 'IT', total: { minor: 1999, currency: 'EUR' }, lines },
    meta: { correlationId: `C-${n}` },
  }
}

function measureMatching(): number {
  const compiled = compilePattern({
    source: ['orders'],
    'detail-type': [{ prefix: 'Order' }],
    detail: {
      market: ['IT', 'DE'],
      total: { minor: [{ numeric: ['>', 1000] }] },
      lines: { sku: [{ wildcard: 'TEE-*' }] },
    },
  })
  if (!compiled.ok) throw new Error('The pattern does not compile.')
  const events = eventsFrom(0, 1000).map(eventView)
  let matched = 0
  const start = performance.now()
  for (let round = 0; round < 500; round++)
    for (const event of events) if (compiled.value(event)) matched += 1
  const seconds = (performance.now() - start) / 1000
  if (matched !== 500_000) throw new Error(`Matched ${matched} of 500,000.`)
  return Math.round(500_000 / seconds)
}

async function onDisk(run: (path: string) => Promise<number>): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'stoa-bench-'))
  try {
    return await run(join(folder, 'bus.db'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
