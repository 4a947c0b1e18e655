import { expect, it } from '@jest/globals'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import type { NewEvent } from '@stoa/platform/event'
import type { EventStore } from '@stoa/platform/event-store'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import { readLedger } from './stock-ledger.ts'

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
