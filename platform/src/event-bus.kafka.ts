import type { BusLog } from './bus/bus-log.ts'
import { createKafkaBookkeeping } from './bus/kafka/bookkeeping.ts'
import type { KafkaConnection } from './bus/kafka/connection.ts'
import { createDeadLetterTopic } from './bus/kafka/dead-letters.ts'
import { createKafkaEvents } from './bus/kafka/events.ts'
import { createKafkaGroups } from './bus/kafka/groups.ts'
import { createKafkaLog, type KafkaLogParts } from './bus/kafka/log.ts'
import { type KafkaPlan, planTopics, stateOf } from './bus/kafka/plan.ts'
import { createKafkaReader, type KafkaReader } from './bus/kafka/reader.ts'
import type { KafkaPartition } from './bus/kafka/record.ts'
import { prepareTopics } from './bus/kafka/topics.ts'
import { createKafkaWatch, type KafkaWatch } from './bus/kafka/watch.ts'
import { createKafkaWriter, type KafkaWriter } from './bus/kafka/writer.ts'
import { createPartitionedBus } from './bus/partitioned/bus.ts'
import type { Clock } from './clock.ts'
import type { EventBus } from './event-bus.ts'
import type { Log } from './log.ts'
import type { Random } from './random.ts'

export interface KafkaBusOptions extends KafkaConnection {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Of every topic and group of the bus. Default `stoa.`. */
  readonly prefix?: string
  /** Of the topic of events; for ever, as a stream must stay where it is. Default 12. */
  readonly partitions?: number
  /** Of the topic of identity events. Default 3. */
  readonly identityPartitions?: number
  /** Whether missing topics are created. Default true. */
  readonly createTopics?: boolean
  /** Copies of each partition, and how many must have what is acknowledged. Default 3, and 2 of them. */
  readonly replicas?: number
  readonly minInsyncReplicas?: number
  /** How many ids back a repeated event is recognised, in each partition. Default 10,000, at least 1,000. */
  readonly window?: number
  /** The largest event, in bytes. Default and upper bound: what the topics take (`max.message.bytes`). */
  readonly maxBytes?: number
  /** A process that gives no sign of life for this long has its partitions taken away, in milliseconds. Default 6,000. */
  readonly sessionMs?: number
  /** How long the one before may take to let go of a partition, in milliseconds. Default 3,000. */
  readonly handoverMs?: number
  /** How often it is checked whether what we serve is still ours, in milliseconds. Default 1,000. */
  readonly leaseMs?: number
  /** Pause between two looks for what other processes have written, in milliseconds. Default 20. */
  readonly pollMs?: number
  /** How long running handlers get to end when the bus closes, in milliseconds. Default 5,000. */
  readonly closeMs?: number
}

/**
 * A bus on Kafka: events in topics keyed by stream, consumers in Kafka's groups, their bookkeeping in compacted topics
 * beside the events. Creates and checks the topics first. Faults with BAD_CONFIG, UNAUTHENTICATED, FORBIDDEN and
 * STORE_UNAVAILABLE; later with BAD_REQUEST for an event that no topic takes, and with STORE_UNAVAILABLE.
 */
export async function openKafkaBus(options: KafkaBusOptions): Promise<EventBus> {
  const topics = planTopics(options)
  const settings = settingsOf(options)
  const taken = await prepareTopics({ ...settings, connection: options }, topics.plans)
  return openOver({ ...options, ...settings, maxBytes: Math.min(taken, options.maxBytes ?? taken) }, topics)
}

type Settings = Required<
  Pick<
    KafkaBusOptions,
    'replicas' | 'minInsyncReplicas' | 'window' | 'sessionMs' | 'handoverMs' | 'leaseMs' | 'pollMs' | 'prefix'
  >
> & { readonly create: boolean; readonly log: Log }

/** A batch must find its own ids again. */
const MIN_WINDOW = 1000

function settingsOf(options: KafkaBusOptions): Settings {
  return {
    log: options.log,
    prefix: options.prefix ?? 'stoa.',
    create: options.createTopics ?? true,
    replicas: options.replicas ?? 3,
    minInsyncReplicas: options.minInsyncReplicas ?? Math.min(2, options.replicas ?? 3),
    window: Math.max(options.window ?? 10_000, MIN_WINDOW),
    sessionMs: options.sessionMs ?? 6000,
    handoverMs: options.handoverMs ?? 3000,
    leaseMs: options.leaseMs ?? 1000,
    pollMs: options.pollMs ?? 20,
  }
}

type OpenParts = KafkaBusOptions & Settings & { readonly maxBytes: number }

function openOver(parts: OpenParts, topics: KafkaPlan): EventBus {
  const names = topics.plans.map(({ name }) => name)
  const reader = createKafkaReader(parts, { topics: names, maxWaitMs: 0 })
  const watch = createKafkaWatch({
    ...parts,
    reader: createKafkaReader(parts, { topics: names, maxWaitMs: LONG_POLL_MS }),
  })
  // Bookkeeping must not stand in line with what is being published.
  const [writer, bookWriter] = [
    createKafkaWriter(parts, parts.maxBytes),
    createKafkaWriter(parts, parts.maxBytes),
  ]
  const groups = createKafkaGroups({ ...parts, connection: parts, partitions: topics.partitions })
  const onDead = createDeadLetterTopic({ ...parts, topic: topics.deadLetters, writer: bookWriter })
  const shared = { ...parts, reader, watch, onDead }
  const stores = topics.partitions.map((partition) =>
    openPartition({
      ...shared,
      partition,
      writer,
      bookWriter,
      onCursor: (consumer, position) => groups.note(consumer, partition, position),
    }),
  )
  const bus = createPartitionedBus({ ...parts, stores, partitionOf: topics.partitionOf, join: groups.join })
  return closing(bus, [watch, writer, bookWriter, reader])
}

type PartitionParts = OpenParts &
  Pick<KafkaLogParts, 'onDead' | 'onCursor'> & {
    readonly partition: KafkaPartition
    readonly reader: KafkaReader
    readonly watch: KafkaWatch
    readonly writer: KafkaWriter
    readonly bookWriter: KafkaWriter
  }

function openPartition(parts: PartitionParts): BusLog {
  const { partition, watch } = parts
  const listeners = new Set<() => void>()
  const onForeign = (): void => {
    for (const listener of listeners) listener()
  }
  const state = { ...partition, topic: stateOf(partition.topic) }
  const events = createKafkaEvents({ ...parts, onForeign })
  const book = createKafkaBookkeeping({ ...parts, partition: state, writer: parts.bookWriter, onForeign })
  return createKafkaLog({
    ...parts,
    events,
    book,
    watch(onChange) {
      listeners.add(onChange)
      const watching = [
        watch.add({ partition, end: events.end, onGrowth: events.refresh }),
        watch.add({ partition: state, end: book.end, onGrowth: book.refresh }),
      ]
      return {
        [Symbol.dispose]() {
          listeners.delete(onChange)
          for (const one of watching) one[Symbol.dispose]()
        },
      }
    },
  })
}

/** How long the broker keeps a look open that finds nothing, in milliseconds. */
const LONG_POLL_MS = 250

function closing(bus: EventBus, resources: readonly AsyncDisposable[]): EventBus {
  let closed: Promise<void> | undefined
  async function close(): Promise<void> {
    await bus[Symbol.asyncDispose]()
    await Promise.all(resources.map((resource) => resource[Symbol.asyncDispose]()))
  }
  return { ...bus, [Symbol.asyncDispose]: () => (closed ??= close()) }
}
