import { Producer } from '@platformatic/kafka'
import { clientOptions, type KafkaConnection } from './connection.ts'
import { kafkaFault } from './fault.ts'
import { BATCH_OVERHEAD, type KafkaPartition, type KafkaRecord } from './record.ts'

/** Appends to partitions. Whoever sends while a request is under way shares the next one. */
export interface KafkaWriter extends AsyncDisposable {
  /**
   * On as many replicas as the topic asks for when it resolves, with the offset of each record. When it rejects,
   * nobody knows whether the records are in.
   */
  send(to: KafkaPartition, records: readonly KafkaRecord[]): Promise<readonly number[]>
}

interface Waiting {
  readonly to: KafkaPartition
  readonly records: readonly KafkaRecord[]
  readonly bytes: number
  readonly resolve: (offsets: readonly number[]) => void
  readonly reject: (reason: unknown) => void
}

/** An idempotent producer with `acks=all`: what it tries again inside one send is appended once. */
export function createKafkaWriter(connection: KafkaConnection, maxBytes: number): KafkaWriter {
  const producer = new Producer({ ...clientOptions(connection), idempotent: true })
  let waiting: Waiting[] = []
  let running: Promise<void> | undefined

  async function run(): Promise<void> {
    // Every partition that is written to in this turn goes into one request.
    await Promise.resolve()
    while (waiting.length > 0) {
      const batch = cutBatch(waiting, maxBytes)
      waiting = waiting.slice(batch.length)
      await sendBatch(batch)
    }
    running = undefined
  }

  async function sendBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const { offsets = [] } = await producer.send({ messages: batch.flatMap(messagesOf) })
      const next = new Map(offsets.map((at) => [keyOf(at), Number(at.offset)]))
      for (const one of batch) {
        const first = next.get(keyOf(one.to)) ?? 0
        next.set(keyOf(one.to), first + one.records.length)
        one.resolve(one.records.map((_, i) => first + i))
      }
    } catch (reason) {
      const fault = kafkaFault(reason)
      for (const one of batch) one.reject(fault)
    }
  }

  return {
    send: (to, records) =>
      new Promise((resolve, reject) => {
        const bytes = records.reduce((sum, record) => sum + record.size, 0)
        waiting.push({ to, records, bytes, resolve, reject })
        running ??= run()
      }),
    async [Symbol.asyncDispose]() {
      await running
      await producer.close().catch(() => {})
    },
  }
}

/** From the front, as much as fits into one batch of each partition; one that never fits goes alone. */
function cutBatch(waiting: readonly Waiting[], maxBytes: number): readonly Waiting[] {
  const sizes = new Map<string, number>()
  let count = 0
  for (const { to, bytes } of waiting) {
    const size = (sizes.get(keyOf(to)) ?? BATCH_OVERHEAD) + bytes
    if (size > maxBytes && count > 0) break
    sizes.set(keyOf(to), size)
    count += 1
  }
  return waiting.slice(0, count)
}

type Message = Parameters<Producer['send']>[0]['messages'][number]

function messagesOf({ to, records }: Waiting): readonly Message[] {
  return records.map(({ key, value, headers, timestamp }) => ({
    topic: to.topic,
    partition: to.partition,
    key,
    // The client writes a missing value as null, which is what a tombstone is.
    ...(value === undefined ? {} : { value }),
    headers: headers as Map<Buffer, Buffer>,
    timestamp: BigInt(timestamp),
  }))
}

function keyOf({ topic, partition }: KafkaPartition): string {
  return `${topic}/${partition}`
}
