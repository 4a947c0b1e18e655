import { setTimeout as wait } from 'node:timers/promises'
import { expect } from '@jest/globals'
import type { NewEvent, RecordedEvent } from '../../event.ts'
import type { StoreBench } from '../../event-store.contract.ts'
import type { Append, EventStore } from '../../event-store.ts'
import type { JsonObject } from '../../json.ts'
import type { RowWrite } from '../../table-store.ts'

export type OpenBench = () => Promise<StoreBench>

let lastId = 0

export function newEvent(data: JsonObject = {}, type = 'StockCounted'): NewEvent {
  lastId += 1
  return { id: `E-${lastId}`, type, at: 1_767_600_000_000 + lastId, data, meta: { correlationId: 'C-1' } }
}

/** `count` events on a stream that stands at `expectedVersion`. */
export function appendTo(stream: string, expectedVersion: number, count = 1): Append {
  const events = Array.from({ length: count }, (_, i) => newEvent({ n: expectedVersion + i + 1 }))
  return { stream, expectedVersion, events }
}

export function row(sort: string, value: JsonObject = { sort }, more: Partial<RowWrite> = {}): RowWrite {
  return { table: 'goods', partition: 'shelf', sort, value, ...more }
}

export async function write(store: EventStore, ...rows: RowWrite[]): Promise<void> {
  expect(await store.commit({ rows })).toEqual({ ok: true, value: { versions: [] } })
}

export async function append(store: EventStore, ...appends: Append[]): Promise<void> {
  expect((await store.commit({ appends })).ok).toBe(true)
}

/** Waits until `check` holds; a wait without end would hide what is missing, so it gives up after 10 s. */
export async function eventually(check: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    if (check()) return
    await wait(10)
  }
  throw new Error(`Waited 10 s in vain: ${what}`)
}

export function names(events: readonly RecordedEvent[]): readonly string[] {
  return events.map((event) => `${event.stream}@${event.version}`)
}

/** Fails unless every stream was told in order; repeats are allowed, gaps are not. */
export function expectInOrder(told: readonly RecordedEvent[]): void {
  const heads = new Map<string, number>()
  for (const { stream, version } of told) {
    const head = heads.get(stream) ?? 0
    expect(version).toBeLessThanOrEqual(head + 1)
    heads.set(stream, Math.max(head, version))
  }
}
