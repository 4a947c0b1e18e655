import { expect, it } from '@jest/globals'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import type { NewEvent } from '@stoa/platform/event'
import type { EventStore } from '@stoa/platform/event-store'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import { shardName } from './domain/shards.ts'
import { noStock } from './domain/stock.ts'
import { readLedger } from './stock-ledger.ts'
import { stockRow, stockStream } from './store/stock-table.ts'

/** A found unit at a location, once per event. */
function found(id: number, locationId: string): NewEvent {
  const postings = [{ locationId, from: 'ADJUSTMENT', to: 'AVAILABLE', quantity: 1 }]
  const data = { sku: 'TEE', movement: 'COUNTED', reference: `count-${id}`, postings }
  return { id: `e-${id}`, type: 'StockMoved', at: id, data, meta: { correlationId: 'test' } }
}

/** A busy centre, and one movement in a quiet store at the very end. */
async function openLedger(busy: number): Promise<EventStore> {
  const store = openMemoryStore({ clock: createVirtualClock() })
  for (let from = 0; from < busy; from += 100) {
    const events = Array.from({ length: 100 }, (_, i) => found(from + i, 'DC-MILAN'))
    await store.commit({ appends: [{ stream: 'stock-TEE', expectedVersion: from, events }] })
  }
  await store.commit({
    appends: [{ stream: 'stock-TEE', expectedVersion: busy, events: [found(busy, 'ST-ROME')] }],
  })
  return store
}

it('finds a quiet location among busy ones over several pages, each of bounded cost', async () => {
  const store = await openLedger(4500)
  const pages: number[] = []
  let after: string | null = null
  for (let more = true; more; ) {
    const page = await readLedger(store, { sku: 'TEE', locationId: 'ST-ROME', first: 10, after })
    pages.push(page.nodes.length)
    after = page.pageInfo.endCursor
    more = page.pageInfo.hasNextPage
  }
  expect(pages).toEqual([0, 0, 1])
})

it('reads every posting once, whatever the page size', async () => {
  const store = await openLedger(300)
  const seen: string[] = []
  let after: string | null = null
  for (let more = true; more; ) {
    const page = await readLedger(store, { sku: 'TEE', first: 7, after })
    seen.push(...page.nodes.map(({ reference }) => reference))
    after = page.pageInfo.endCursor
    more = page.pageInfo.hasNextPage
  }
  expect(seen).toEqual(Array.from({ length: 301 }, (_, i) => `count-${i}`))
})

it('merges the streams of a SKU that was spread by time, and reads every posting once, whatever the page size', async () => {
  const store = openMemoryStore({ clock: createVirtualClock() })
  const spread: NewEvent = {
    id: 'spread',
    type: 'StockSpread',
    at: 0,
    data: { sku: 'TEE', shards: 3 },
    meta: { correlationId: 'test' },
  }
  const times = [
    [1, 4, 7, 7],
    [2, 5, 8, 3],
    [3, 6, 9],
  ]
  const appends = times.map((own, shard) => ({
    stream: stockStream(shardName('TEE', shard)),
    expectedVersion: 0,
    events: [...(shard === 0 ? [spread] : []), ...own.map((at, i) => foundAt(at, `${shard}.${i}`))],
  }))
  const levels = { ...noStock, shards: 1, widest: 3 }
  await store.commit({ appends, rows: [stockRow('TEE', { stock: levels, version: 5 })] })
  for (const first of [1, 2, 5, 100]) {
    const seen: string[] = []
    let after: string | null = null
    for (let more = true; more; ) {
      const page = await readLedger(store, { sku: 'TEE', first, after })
      seen.push(...page.nodes.map(({ reference }) => reference))
      after = page.pageInfo.endCursor
      more = page.pageInfo.hasNextPage
    }
    // Each stream in its own order, though a clock went back.
    expect(seen).toEqual(['0.0', '1.0', '2.0', '0.1', '1.1', '2.1', '0.2', '0.3', '1.2', '1.3', '2.2'])
  }
})

it('finds a quiet location of a SKU that was spread over several pages, each of bounded cost', async () => {
  const memory = openMemoryStore({ clock: createVirtualClock() })
  let read = 0
  const store: EventStore = {
    ...memory,
    async load(stream, range) {
      const events = await memory.load(stream, range)
      read += events.length
      return events
    },
  }
  for (const shard of [0, 1]) {
    const stream = stockStream(shardName('TEE', shard))
    for (let from = 0; from < 2000; from += 100) {
      const events = Array.from({ length: 100 }, (_, i) => foundAt(from + i, `${shard}.${from + i}`))
      await store.commit({ appends: [{ stream, expectedVersion: from, events }] })
    }
    const last = { ...foundAt(3000, `quiet ${shard}`, 'ST-ROME') }
    await store.commit({ appends: [{ stream, expectedVersion: 2000, events: [last] }] })
  }
  await store.commit({
    rows: [stockRow('TEE', { stock: { ...noStock, shards: 2, widest: 2 }, version: 2001 })],
  })
  const seen: string[] = []
  let after: string | null = null
  for (let more = true; more; ) {
    read = 0
    const page = await readLedger(store, { sku: 'TEE', locationId: 'ST-ROME', first: 10, after })
    expect(read).toBeLessThanOrEqual(2000)
    seen.push(...page.nodes.map(({ reference }) => reference))
    after = page.pageInfo.endCursor
    more = page.pageInfo.hasNextPage
  }
  expect(seen).toEqual(['quiet 0', 'quiet 1'])
})

function foundAt(at: number, reference: string, locationId: string = 'DC-MILAN'): NewEvent {
  const { data, ...event } = found(at, locationId)
  return { ...event, id: `e-${reference}`, data: { ...data, reference } }
}
