import type { Envelope } from '@stoa/platform/event'
import { createBatch, objectsOf } from './batch.ts'
import { batchOf, folderOf, formatFolder, keyOf, type Partition, partitionOfKey } from './layout.ts'
import { decodeLines } from './lines.ts'
import { listAll, MOST_KEYS, type ObjectStore, readMany } from './object-store.ts'

export interface Compaction {
  readonly objects: ObjectStore
  /** Days before this one, `2026-11-21`: of a day that is over few events come any more. */
  readonly before: string
  /** How many events one object holds at most. Default 200,000. */
  readonly maxEvents?: number
}

export interface CompactionReport {
  readonly partitions: number
  /** Batches that went into larger ones. */
  readonly replaced: number
  /** Events that were there more than once. */
  readonly duplicates: number
}

const MOST_EVENTS = 200_000

/**
 * Makes few large objects of many small ones, with every event once. The large one is written before the small ones are
 * forgotten, so a crash in between leaves duplicates and never a gap; compacting again removes them. Safe beside the
 * archive and beside another compaction.
 */
export async function compactArchive(compaction: Compaction): Promise<CompactionReport> {
  let [partitions, replaced, duplicates] = [0, 0, 0]
  for (const partition of await partitionsBefore(compaction)) {
    const done = await compactPartition(compaction, partition)
    if (done.replaced > 0) partitions += 1
    replaced += done.replaced
    duplicates += done.duplicates
  }
  return { partitions, replaced, duplicates }
}

async function partitionsBefore({ objects, before }: Compaction): Promise<Partition[]> {
  const found = new Map<string, Partition>()
  for await (const key of listAll(objects, formatFolder('jsonl'))) {
    const partition = partitionOfKey(key)
    if (partition && partition.day < before) found.set(folderOf('jsonl', partition), partition)
  }
  return [...found.values()]
}

type Done = Pick<CompactionReport, 'replaced' | 'duplicates'>

async function compactPartition(compaction: Compaction, partition: Partition): Promise<Done> {
  const { objects, maxEvents = MOST_EVENTS } = compaction
  // Parquet is listed first: it is written second, so what has no JSON lines now was replaced before.
  const parquet = await namesIn(objects, folderOf('parquet', partition))
  const lines = await namesIn(objects, folderOf('jsonl', partition))
  await forget(
    objects,
    [...parquet].filter((name) => !lines.has(name)).map((name) => keyOf('parquet', partition, name)),
  )
  const seen = new Set<string>()
  let group: Group = { events: [], names: [] }
  let [replaced, duplicates] = [0, 0]
  const flush = async (): Promise<void> => {
    replaced += await replace(objects, partition, group)
    group = { events: [], names: [] }
  }
  const keys = [...lines].map((name) => keyOf('jsonl', partition, name))
  for await (const { key, body } of readMany(objects, keys)) {
    // Nothing for one that another compaction has just replaced: its events are in what that made.
    const events = body ? decodeLines(body) : []
    const fresh = events.filter(({ id }) => !seen.has(id) && seen.add(id))
    duplicates += events.length - fresh.length
    if (group.events.length + fresh.length > maxEvents) await flush()
    for (const event of fresh) group.events.push(event)
    group.names.push(batchOf(key))
  }
  await flush()
  return { replaced, duplicates }
}

interface Group {
  readonly events: Envelope[]
  readonly names: string[]
}

/** Writes the whole before it forgets the parts. Answers how many parts there were. */
async function replace(
  objects: ObjectStore,
  partition: Partition,
  { events, names }: Group,
): Promise<number> {
  const whole = createBatch(partition, events)
  const parts = names.filter((name) => name !== whole.name)
  if (parts.length === 0) return 0
  if (events.length > 0) for (const object of objectsOf(whole)) await objects.putOnce(object)
  for (const format of ['parquet', 'jsonl'] as const)
    await forget(
      objects,
      parts.map((name) => keyOf(format, partition, name)),
    )
  return parts.length
}

async function namesIn(objects: ObjectStore, folder: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>()
  for await (const key of listAll(objects, folder)) names.add(batchOf(key))
  return names
}

async function forget(objects: ObjectStore, keys: readonly string[]): Promise<void> {
  for (let at = 0; at < keys.length; at += MOST_KEYS) await objects.remove(keys.slice(at, at + MOST_KEYS))
}
