/** One partition of a topic. */
export interface KafkaPartition {
  readonly topic: string
  readonly partition: number
}

/** A record as it is sent. */
export interface KafkaRecord extends RecordContent {
  /** About what it takes in its batch, in bytes. */
  readonly size: number
}

export interface RecordContent {
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

/** Weighed once: texts, plus lengths and deltas. */
export function weighed(content: RecordContent): KafkaRecord {
  const { key, value, headers, timestamp } = content
  let size = OVERHEAD + key.length + (value?.length ?? 0)
  for (const [name, text] of headers) size += name.length + text.length + 4
  return { key, value, headers, timestamp, size }
}

const OVERHEAD = 32

/** The head of a batch, which counts for the broker's limit. */
export const BATCH_OVERHEAD = 128
