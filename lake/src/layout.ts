import type { Envelope } from '@stoa/platform/event'

/** Where an event lies: its day (UTC) and its type. */
export interface Partition {
  /** `2026-11-21` */
  readonly day: string
  readonly type: string
}

export type Format = 'jsonl' | 'parquet'

const ENDINGS = { jsonl: '.jsonl.gz', parquet: '.parquet' } as const

/** By when it happened, not by when it was told: history that is brought in lies on its own days. */
export function partitionOf(event: Envelope): Partition {
  return { day: new Date(event.at).toISOString().slice(0, 10), type: event.type }
}

/** As Hive names them, which Athena, Glue, Spark and DuckDB read: `events/format=…/day=…/type=…/`. */
export function folderOf(format: Format, { day, type }: Partition): string {
  return `${dayFolderOf(format, day)}type=${encodeURIComponent(type)}/`
}

export function dayFolderOf(format: Format, day: string): string {
  return `${formatFolder(format)}day=${day}/`
}

export function formatFolder(format: Format): string {
  return `events/format=${format}/`
}

/** The key of a batch in one format. The same batch has the same name in both. */
export function keyOf(format: Format, partition: Partition, batch: string): string {
  return `${folderOf(format, partition)}${batch}${ENDINGS[format]}`
}

/** The name of the batch, the end of its key. */
export function batchOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1).replace(/\.(jsonl\.gz|parquet)$/, '')
}

/** Undefined for keys that are not of this layout. */
export function partitionOfKey(key: string): Partition | undefined {
  const [, day, type] = /^events\/format=[a-z]+\/day=(\d{4}-\d\d-\d\d)\/type=([^/]+)\//.exec(key) ?? []
  return day === undefined || type === undefined ? undefined : { day, type: decodeURIComponent(type) }
}
