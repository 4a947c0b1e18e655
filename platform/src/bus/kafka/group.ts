import { Consumer } from '@platformatic/kafka'
import { type Clock, sleep, type Timer } from '../../clock.ts'
import { engineFault } from '../../engine-fault.ts'
import type { Log } from '../../log.ts'
import { clientOptions, type KafkaConnection } from './connection.ts'
import { kafkaFault } from './fault.ts'
import type { KafkaPartition } from './record.ts'

/** Our place in the consumer group of one consumer: Kafka says which partitions are ours. */
export interface KafkaGroup extends AsyncDisposable {
  isMine(at: KafkaPartition): boolean
  /** Commits how far the consumer has come, for Kafka's own tools and alarms; at most once a second. */
  note(at: KafkaPartition, position: number): void
}

export interface KafkaGroupParts {
  readonly connection: KafkaConnection
  readonly group: string
  readonly topics: readonly string[]
  /** Without a sign of life for this long we are out of the group, in milliseconds. */
  readonly sessionMs: number
  readonly clock: Clock
  readonly log: Log
  /** Partitions have come or gone. */
  readonly onChange: () => void
}

/** Pauses between attempts to come back into a group, and between commits, in milliseconds. */
const REJOIN_MS = 1000
const COMMIT_MS = 1000

/** Resolves when we are in the group and know our partitions. */
export async function joinKafkaGroup(parts: KafkaGroupParts): Promise<KafkaGroup> {
  const { clock, log } = parts
  const noted = new Map<string, KafkaPartition & { readonly offset: bigint }>()
  let member = createMember(parts)
  let mine: ReadonlySet<string> = new Set()
  let committing: Timer | undefined
  let rejoining: Timer | undefined
  let closed = false

  function learn(): void {
    mine = new Set(
      member.assignments?.flatMap(({ topic, partitions }) => partitions.map((p) => `${topic}/${p}`)),
    )
    parts.onChange()
  }

  async function join(): Promise<void> {
    const joining = member
    joining.on('consumer:group:join', () => void (joining === member && learn()))
    joining.on('error', () => comeBack(joining))
    joining.on('consumer:heartbeat:stalled', () => comeBack(joining))
    await inTime(parts, joining.joinGroup())
  }

  /** What we had stays ours until we know better: whoever takes it over is told apart by the fence. */
  function comeBack(lost: Consumer): void {
    if (closed || lost !== member || rejoining) return
    log.warn({ group: parts.group }, 'We have lost our place in the consumer group; coming back.')
    rejoining = clock.schedule(clock.now() + REJOIN_MS, () => void replace(lost))
  }

  async function replace(lost: Consumer): Promise<void> {
    rejoining = undefined
    if (closed) return
    member = createMember(parts)
    void lost.close(true).catch(() => {})
    await join().catch(() => comeBack(member))
  }

  async function commit(): Promise<void> {
    committing?.cancel()
    committing = undefined
    const offsets = [...noted.values()].map((one) => ({ ...one, leaderEpoch: -1 }))
    noted.clear()
    if (offsets.length === 0 || !member.isActive()) return
    await member.commit({ offsets }).catch((reason) => {
      log.debug({ group: parts.group, code: kafkaFault(reason).code }, 'Offsets were not committed.')
    })
  }

  try {
    await join()
  } catch (reason) {
    closed = true
    await member.close(true).catch(() => {})
    throw kafkaFault(reason)
  }

  return {
    isMine: ({ topic, partition }) => mine.has(`${topic}/${partition}`),
    note({ topic, partition }, position) {
      noted.set(`${topic}/${partition}`, { topic, partition, offset: BigInt(position) })
      committing ??= clock.schedule(clock.now() + COMMIT_MS, () => void commit())
    },
    async [Symbol.asyncDispose]() {
      rejoining?.cancel()
      await commit()
      closed = true
      await member.close(true).catch(() => {})
    },
  }
}

/** Others have to be missed first, and a broker that is silent is tried again; no join takes longer than that. */
async function inTime({ clock, sessionMs }: KafkaGroupParts, joining: Promise<unknown>): Promise<void> {
  const joined = new AbortController()
  const late = sleep(clock, 3 * sessionMs + 20_000, joined.signal).then(() => {
    throw engineFault('STORE_UNAVAILABLE', 'Kafka lets us into no consumer group at the moment. Try again.', {
      engine: 'kafka',
      kind: 'away',
    })
  })
  try {
    await Promise.race([joining, late])
  } finally {
    joined.abort()
  }
}

/** A coordinator that is being elected is waited for. */
const WAIT_FOR_COORDINATOR = { retries: 20, retryDelay: 250 }

function createMember({ connection, group, topics, sessionMs }: KafkaGroupParts): Consumer {
  const member = new Consumer({
    ...clientOptions(connection),
    ...WAIT_FOR_COORDINATOR,
    groupId: group,
    sessionTimeout: sessionMs,
    heartbeatInterval: Math.floor(sessionMs / 6),
    rebalanceTimeout: 2 * sessionMs,
    // Whoever joins is answered when all others have come, or are missed.
    requestTimeout: 2 * sessionMs + 5000,
    heartbeatStallTimeout: sessionMs,
  })
  member.topics.trackAll(...topics)
  return member
}
