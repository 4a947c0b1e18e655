import {
  Consumer,
  type MessageToProduce,
  Producer,
  stringDeserializers,
  stringSerializers,
} from '@platformatic/kafka'
import { systemClock } from '@stoa/platform/clock'
import type { Envelope } from '@stoa/platform/event'
import type { EventBus } from '@stoa/platform/event-bus'
import { openKafkaBus } from '@stoa/platform/event-bus.kafka'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { startKafka } from '@stoa/servers/kafka'
import { type Contest, inTurns } from './in-turns.ts'

const PARTITIONS = 6
const STREAMS = 500
const BATCH = 250
/** One caller, so that both sides send the same requests: of several, our port makes fewer. */
const WORK = { atOnce: 1, rounds: 25, roundMs: 200 }

/**
 * Kafka behind our port and by `@platformatic/kafka` alone: the same keys, headers and bodies, idempotent with all
 * acknowledgements, the same batches to as many partitions on the same broker. Takes about 45 s.
 */
export async function measureKafka(): Promise<Record<string, number>> {
  await using server = await startKafka()
  const ports = { clock: systemClock, random: systemRandom, log: silentLog }
  const cluster = { brokers: [server.endpoint], replicas: 1, minInsyncReplicas: 1 }
  const open = (prefix: string): Promise<EventBus> =>
    openKafkaBus({ ...ports, ...cluster, prefix, partitions: PARTITIONS, identityPartitions: 1 })
  await using bus = await open('ours.')
  // Its topics are the bare client's: nothing of ours reads or writes them.
  await (await open('bare.'))[Symbol.asyncDispose]()
  const client = { clientId: 'bare', bootstrapBrokers: [server.endpoint] }
  const producer = new Producer({ ...client, idempotent: true, retries: 3, serializers: stringSerializers })
  const bare = createBare(producer)
  try {
    const many = { ...WORK, atOnce: 32 }
    const published = {
      ...(await named('Publish', BATCH, { ...WORK, ...publishing(bus, bare, BATCH) })),
      ...(await named('SinglePublish', 1, { ...many, ...publishing(bus, bare, 1) })),
    }
    return { ...published, ...(await measureDelivery(bus, bare, client)) }
  } finally {
    await producer.close()
  }
}

type Publish = (events: readonly Envelope[]) => Promise<unknown>

async function named(name: string, size: number, contest: Contest): Promise<Record<string, number>> {
  const { perSecond, barePerSecond, overheadPercent, p99Ms } = await inTurns(contest)
  return {
    [`kafka${name}PerSecond`]: perSecond * size,
    [`kafkaBare${name}PerSecond`]: barePerSecond * size,
    [`kafka${name}OverheadPercent`]: overheadPercent,
    [`kafka${name}P99Ms`]: p99Ms,
  }
}

function publishing(bus: EventBus, bare: Publish, size: number): Pick<Contest, 'ours' | 'bare'> {
  return {
    ours: (n) => bus.publish(batchOf(`${size}-${n}`, size)),
    bare: (n) => bare(batchOf(`${size}-${n}`, size)),
  }
}

/** From publishing to the last handler's end. */
async function measureDelivery(
  bus: EventBus,
  bare: Publish,
  client: { readonly clientId: string; readonly bootstrapBrokers: string[] },
): Promise<Record<string, number>> {
  const [ours, theirs] = [createCounter(), createCounter()]
  await bus.subscribe({
    name: 'bench.count',
    pattern: { source: ['orders'] },
    from: 'latest',
    handle: async ({ data }) => ours.count(String(data['batch'])),
  })
  const consumer = new Consumer({ ...client, groupId: 'bare.count', deserializers: stringDeserializers })
  const topics = ['bare.events']
  const stream = await consumer.consume({ topics, mode: 'latest', autocommit: 1000, maxWaitTime: 100 })
  stream.on('data', ({ value }) => theirs.count(String(JSON.parse(value).batch)))
  try {
    return await named('Delivery', BATCH, {
      ...WORK,
      ours: (n) => ours.all(`d-${n}`, (events) => bus.publish(events)),
      bare: (n) => theirs.all(`d-${n}`, bare),
    })
  } finally {
    await consumer.close(true)
  }
}

interface Counter {
  count(batch: string): void
  /** Publishes a batch and resolves when all of it was counted. */
  all(batch: string, publish: Publish): Promise<void>
}

function createCounter(): Counter {
  const open = new Map<string, { left: number; readonly resolve: () => void }>()
  return {
    count(batch) {
      const one = open.get(batch)
      if (!one) return
      one.left -= 1
      if (one.left === 0) one.resolve()
    },
    async all(batch, publish) {
      const counted = new Promise<void>((resolve) => open.set(batch, { left: BATCH, resolve }))
      await publish(batchOf(batch, BATCH))
      await counted
      open.delete(batch)
    },
  }
}

/** Events of many streams, about 400 bytes of data each. */
function batchOf(batch: string, size: number): readonly Envelope[] {
  return Array.from({ length: size }, (_, i) => ({
    id: `${batch}-${i}`,
    type: 'OrderCreated',
    at: Date.now(),
    stream: `order-${(Number(batch.split('-')[1]) * 7 + i) % STREAMS}`,
    version: 1,
    source: 'orders',
    data: { batch, customerId: 'CU-1', total: 12_345, lines: LINES },
    meta: { correlationId: 'R-1' },
  }))
}

const LINES = Array.from({ length: 6 }, (_, i) => ({ sku: `TEE-${i}`, quantity: 2, price: { amount: 1999 } }))

function createBare(producer: Producer<string, string, string, string>): Publish {
  return (events) => producer.send({ messages: events.map(messageOf) })
}

function messageOf(event: Envelope): MessageToProduce<string, string, string, string> {
  return {
    topic: 'bare.events',
    key: event.stream,
    value: JSON.stringify(event.data),
    headers: {
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_id: event.id,
      ce_type: event.type,
      ce_source: event.source,
      ce_subject: event.stream,
      ce_time: new Date(event.at).toISOString(),
      ce_dataschema: `urn:stoa:events:1:${event.type}`,
      ce_streamversion: String(event.version),
      ce_correlationid: event.meta.correlationId,
    },
  }
}
