import { engineFault } from '../../engine-fault.ts'
import type { KafkaReader } from './reader.ts'
import type { KafkaPartition, KafkaRead, KafkaRecord } from './record.ts'
import type { KafkaWriter } from './writer.ts'

/** Follows one partition and hands on each of its records once, in the order of their offsets, ours like those of others. */
export interface KafkaTail<T> {
  /** Starts at this offset. */
  start(offset: number): void
  /** The offset after the last record handed on. */
  end(): number
  /** Reads up to where the partition ends by now. */
  extend(): Promise<void>
  /** Appends, and resolves when all of it has been handed on, with the offset of each. */
  append(items: readonly TailItem<T>[]): Promise<readonly number[]>
}

export interface TailItem<T> {
  readonly record: KafkaRecord
  readonly item: T
}

export interface KafkaTailParts<T> {
  readonly at: KafkaPartition
  readonly reader: KafkaReader
  readonly writer: KafkaWriter
  /** Undefined for what cannot be understood. */
  readonly parse: (read: KafkaRead) => T | undefined
  readonly apply: (offset: number, item: T) => void
  /** Something came that this process did not append. */
  readonly onForeign: () => void
}

/** At most this much comes in one answer, in bytes. */
const PAGE_BYTES = 1_048_576

/** What was acknowledged can be read at once, unless somebody keeps a transaction open before it. */
const MAX_TRIES = 20

export function createKafkaTail<T>(parts: KafkaTailParts<T>): KafkaTail<T> {
  const { at, reader, writer } = parts
  let next = 0

  async function extend(): Promise<void> {
    let more = true
    while (more) more = await readOn()
  }

  /** Answers whether there is more. */
  async function readOn(): Promise<boolean> {
    const from = next
    const { records, next: to, end } = await reader.fetch({ ...at, offset: from, maxBytes: PAGE_BYTES })
    // Another reading may have brought us further while we waited.
    const fresh = records.filter(({ offset }) => offset >= next)
    for (const read of fresh) take(read.offset, parts.parse(read))
    next = Math.max(next, to)
    if (fresh.length > 0) parts.onForeign()
    return next < end && to > from
  }

  function take(offset: number, item: T | undefined): void {
    next = offset + 1
    if (item !== undefined) parts.apply(offset, item)
  }

  async function append(items: readonly TailItem<T>[]): Promise<readonly number[]> {
    const offsets = await writer.send(
      at,
      items.map(({ record }) => record),
    )
    if (offsets[0] === next) for (const [i, offset] of offsets.entries()) take(offset, items[i]?.item)
    // Others have written before us: theirs come first.
    await extendTo((offsets.at(-1) ?? -1) + 1)
    return offsets
  }

  async function extendTo(end: number): Promise<void> {
    for (let tries = 0; next < end && tries < MAX_TRIES; tries++) await extend()
    if (next >= end) return
    throw engineFault(
      'STORE_UNAVAILABLE',
      'A transaction of another producer holds up a topic of the event bus. End it, and write there without transactions.',
      { engine: 'kafka', kind: 'locked' },
    )
  }

  return {
    start(offset) {
      next = offset
    },
    end: () => next,
    extend,
    append,
  }
}
