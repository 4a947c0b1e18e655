import { murmur2 } from '@platformatic/kafka'
import type { Envelope } from '../../event.ts'
import type { KafkaPartition } from './record.ts'
import type { TopicPlan } from './topics.ts'

interface PlanOptions {
  readonly prefix?: string
  readonly partitions?: number
  readonly identityPartitions?: number
}

/** Which topic an event goes to: the first whose rule it meets. */
const routes: readonly {
  readonly topic: 'identity' | 'events'
  readonly takes: (event: Envelope) => boolean
}[] = [
  { topic: 'identity', takes: (event) => event.source === 'identity' },
  { topic: 'events', takes: () => true },
]

export interface KafkaPlan {
  readonly plans: readonly TopicPlan[]
  /** Every partition that holds events: its number here is its index. */
  readonly partitions: readonly KafkaPartition[]
  readonly partitionOf: (event: Envelope) => number
  readonly deadLetters: string
}

export function planTopics({
  prefix = 'stoa.',
  partitions = 12,
  identityPartitions = 3,
}: PlanOptions): KafkaPlan {
  const counts = { events: partitions, identity: identityPartitions }
  const all = (['events', 'identity'] as const).map((topic) => ({
    topic,
    name: prefix + topic,
    count: counts[topic],
  }))
  const first = { events: 0, identity: partitions }
  const deadLetters = `${prefix}dead-letters`
  return {
    deadLetters,
    plans: [
      ...all.map(({ name, count }) => ({ name, partitions: count, keeps: 'everything' }) as const),
      ...all.map(({ name, count }) => ({ name: stateOf(name), partitions: count, keeps: 'newest' }) as const),
      { name: deadLetters, partitions: 1, keeps: 'everything' },
    ],
    partitions: all.flatMap(({ name, count }) =>
      Array.from({ length: count }, (_, partition) => ({ topic: name, partition })),
    ),
    partitionOf(event) {
      const topic = routes.find(({ takes }) => takes(event))?.topic ?? 'events'
      return first[topic] + (positiveHash(event.stream) % counts[topic])
    },
  }
}

/** The bookkeeping of the consumers of a topic, partition by partition. */
export function stateOf(topic: string): string {
  return `${topic}.state`
}

/** As the Java client's default partitioner, so that whoever else writes events by their key finds the same partition. */
function positiveHash(key: string): number {
  return murmur2(Buffer.from(key)) & 0x7fffffff
}
