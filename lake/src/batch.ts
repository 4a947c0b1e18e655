import { createHash } from 'node:crypto'
import type { Envelope } from '@stoa/platform/event'
import { keyOf, type Partition } from './layout.ts'
import { encodeLines } from './lines.ts'
import type { NewObject } from './object-store.ts'
import { encodeParquet } from './parquet.ts'

/** Events of one day and type that are written together, as one object a format. */
export interface Batch {
  /** The same events have the same name, whatever order they came in. */
  readonly name: string
  readonly partition: Partition
  /** In order of time, then of stream and version. */
  readonly events: readonly Envelope[]
}

export function createBatch(partition: Partition, events: readonly Envelope[]): Batch {
  const sorted = [...events].sort(byTime)
  const digest = createHash('sha256')
  for (const { id } of sorted) digest.update(id).update('\n')
  return { name: digest.digest('hex').slice(0, 32), partition, events: sorted }
}

/**
 * Its objects, to be written in this order: JSON lines first, so that whatever is in Parquet was in JSON lines before.
 * Compaction tells by that which Parquet it may forget.
 */
export function objectsOf({ name, partition, events }: Batch): readonly [NewObject, NewObject] {
  return [
    {
      key: keyOf('jsonl', partition, name),
      body: encodeLines(events),
      contentType: 'application/x-ndjson+gzip',
    },
    {
      key: keyOf('parquet', partition, name),
      body: encodeParquet(events),
      contentType: 'application/vnd.apache.parquet',
    },
  ]
}

export function byTime(one: Envelope, other: Envelope): number {
  return (
    one.at - other.at ||
    compare(one.stream, other.stream) ||
    one.version - other.version ||
    compare(one.id, other.id)
  )
}

function compare(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}
