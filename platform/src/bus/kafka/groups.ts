import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { JoinGroup } from '../partitioned/share.ts'
import type { KafkaConnection } from './connection.ts'
import { joinKafkaGroup, type KafkaGroup } from './group.ts'
import type { KafkaPartition } from './record.ts'

/** One consumer group for each consumer that is served here. */
export interface KafkaGroups {
  readonly join: JoinGroup
  /** Commits how far a consumer has come, for Kafka's own tools. */
  note(consumer: string, at: KafkaPartition, position: number): void
}

export interface KafkaGroupsParts {
  readonly connection: KafkaConnection
  /** In front of the consumer's name. */
  readonly prefix: string
  readonly partitions: readonly KafkaPartition[]
  readonly sessionMs: number
  readonly clock: Clock
  readonly log: Log
}

export function createKafkaGroups(parts: KafkaGroupsParts): KafkaGroups {
  const groups = new Map<string, KafkaGroup>()
  const topics = [...new Set(parts.partitions.map(({ topic }) => topic))]

  return {
    async join(consumer, onChange) {
      const group = await joinKafkaGroup({ ...parts, group: parts.prefix + consumer, topics, onChange })
      groups.set(consumer, group)
      return {
        isMine(index) {
          const at = parts.partitions[index]
          return at !== undefined && group.isMine(at)
        },
        async [Symbol.asyncDispose]() {
          await group[Symbol.asyncDispose]()
          if (groups.get(consumer) === group) groups.delete(consumer)
        },
      }
    },
    note: (consumer, at, position) => groups.get(consumer)?.note(at, position),
  }
}
