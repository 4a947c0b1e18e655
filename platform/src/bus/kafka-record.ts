/** One partition of a topic. */
export interface KafkaPartition {
  readonly topic: string
  readonly partition: number
}

/** A record as it is sent. */
export interface KafkaRecord {
  readonly key: Buffer
  /** Undefined is a tombstone: compaction forgets the key. */
  readonly value: Buffer | undefined
  readonly headers: ReadonlyMap<Buffer, Buffer>
  /** Epoch milliseconds; what the broker finds records by. */
  readonly timestamp: number
}

/** A record as it was read. */
export interface KafkaRead {
  readonly offset: number
  readonly key: string
  readonly value: Buffer | undefined
  readonly headers: ReadonlyMap<string, string>
}

/** About what a record takes in its batch: texts, plus lengths and deltas. */
export function sizeOf(record: KafkaRecord): number {
  let size = OVERHEAD + record.key.length + (record.value?.length ?? 0)
  for (const [name, value] of record.headers) size += name.length + value.length + 4
  return size
}

const OVERHEAD = 32

/** The head of a batch, which counts for the broker's limit. */
export const BATCH_OVERHEAD = 128
