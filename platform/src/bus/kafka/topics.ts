import { Admin, ConfigResourceTypes } from '@platformatic/kafka'
import { Fault } from '../../fault.ts'
import type { Log } from '../../log.ts'
import { clientOptions, type KafkaConnection } from './connection.ts'
import { isError, kafkaFault } from './fault.ts'

export interface TopicPlan {
  readonly name: string
  readonly partitions: number
  /** What it holds: all there ever was, or the newest record of each key. */
  readonly keeps: 'everything' | 'newest'
}

export interface TopicOptions {
  /** Whether missing topics are created. */
  readonly create: boolean
  readonly replicas: number
  readonly minInsyncReplicas: number
}

interface TopicParts extends TopicOptions {
  readonly connection: KafkaConnection
  readonly log: Log
}

/**
 * Creates what is missing and checks what is there. Answers the largest batch that all of them take, in bytes. Faults with
 * BAD_CONFIG: a topic is missing and may not be created, has other partitions, or forgets what it must keep.
 */
export async function prepareTopics(parts: TopicParts, plans: readonly TopicPlan[]): Promise<number> {
  const admin = new Admin(clientOptions(parts.connection))
  try {
    const known = new Set(await admin.listTopics())
    const missing = plans.filter(({ name }) => !known.has(name))
    if (missing.length > 0) await createAll(admin, parts, missing)
    await checkPartitions(admin, plans)
    return await checkSettings(admin, parts, plans)
  } catch (reason) {
    throw kafkaFault(reason)
  } finally {
    await admin.close().catch(() => {})
  }
}

async function createAll(admin: Admin, parts: TopicParts, missing: readonly TopicPlan[]): Promise<void> {
  if (!parts.create) throw notThere(missing)
  for (const { name, partitions, keeps } of missing) {
    const configs = Object.entries(settingsOf(keeps, parts)).map(([key, value]) => ({ name: key, value }))
    try {
      await admin.createTopics({ topics: [name], partitions, replicas: parts.replicas, configs })
    } catch (reason) {
      // Two that start at once both create.
      if (!isError(reason, 'TOPIC_ALREADY_EXISTS'))
        throw isDenied(reason) ? notThere(missing, reason) : reason
    }
  }
}

function settingsOf(keeps: TopicPlan['keeps'], options: TopicOptions): Readonly<Record<string, string>> {
  const common = { 'min.insync.replicas': String(options.minInsyncReplicas) }
  if (keeps === 'newest') return { ...common, 'cleanup.policy': 'compact' }
  return {
    ...common,
    'cleanup.policy': 'delete',
    'retention.ms': '-1',
    'retention.bytes': '-1',
    'message.timestamp.type': 'CreateTime',
  }
}

function isDenied(reason: unknown): boolean {
  return ['TOPIC_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED'].some((id) => isError(reason, id))
}

function notThere(missing: readonly TopicPlan[], cause?: unknown): Fault {
  const wanted = missing.map(({ name, partitions, keeps }) => {
    const rest = keeps === 'newest' ? 'cleanup.policy=compact' : 'retention.ms=-1'
    return `${name} (${partitions} partitions, ${rest})`
  })
  return new Fault(
    'BAD_CONFIG',
    `Expected the Kafka topics ${wanted.join(', ')}. Create them, or allow us to create topics.`,
    { cause },
  )
}

/** A topic that has just been created is known to the controller first, and to its brokers a moment later. */
async function checkPartitions(admin: Admin, plans: readonly TopicPlan[]): Promise<void> {
  const { topics } = await untilKnown(admin, plans)
  for (const { name, partitions } of plans) {
    const count = topics.get(name)?.partitionsCount ?? 0
    if (count === partitions) continue
    throw new Fault(
      'BAD_CONFIG',
      `Expected the Kafka topic ${name} to have ${partitions} partitions, it has ${count}. Set the number of partitions to what it has: with another number, events of one stream would be in two places.`,
    )
  }
}

type Metadata = Awaited<ReturnType<Admin['metadata']>>

const KNOWN_TRIES = 100
const KNOWN_PAUSE_MS = 100

async function untilKnown(admin: Admin, plans: readonly TopicPlan[]): Promise<Metadata> {
  const topics = plans.map(({ name }) => name)
  for (let tries = 1; ; tries++) {
    const metadata = await admin.metadata({ topics, forceUpdate: true }).catch((reason: unknown) => {
      if (tries === KNOWN_TRIES) throw reason
    })
    const found = metadata && [...metadata.topics.values()]
    const isLed = found?.every((topic) => topic?.partitions.every(({ leader }) => leader >= 0))
    if (metadata && (isLed || tries === KNOWN_TRIES)) return metadata
    await pause()
  }
}

/** Of the machine, not of a clock that tests hold: a broker has time of its own. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, KNOWN_PAUSE_MS))
}

async function checkSettings(admin: Admin, parts: TopicParts, plans: readonly TopicPlan[]): Promise<number> {
  const resources = plans.map(({ name }) => ({
    resourceType: ConfigResourceTypes.TOPIC,
    resourceName: name,
    configurationKeys: ['cleanup.policy', 'retention.ms', 'retention.bytes', 'max.message.bytes'],
  }))
  const described = await admin.describeConfigs({ resources })
  const sizes = described.map(({ resourceName, configs }) => {
    const settings = new Map(configs.map(({ name, value }) => [name, value]))
    const plan = plans.find(({ name }) => name === resourceName)
    if (plan) checkKept(plan, settings, parts.log)
    return Number(settings.get('max.message.bytes') ?? DEFAULT_MAX_BYTES)
  })
  return Math.min(DEFAULT_MAX_BYTES, ...sizes)
}

/** The broker's own default; a topic that takes more is not filled up further. */
const DEFAULT_MAX_BYTES = 1_048_588

function checkKept(
  plan: TopicPlan,
  settings: ReadonlyMap<string, string | null | undefined>,
  log: Log,
): void {
  const [policy, expected] = [settings.get('cleanup.policy'), plan.keeps === 'newest' ? 'compact' : 'delete']
  if (policy !== expected) {
    throw new Fault(
      'BAD_CONFIG',
      `Expected the Kafka topic ${plan.name} to have cleanup.policy=${expected}, it has ${policy}. Change it before anything is lost.`,
    )
  }
  const isLimited = ['retention.ms', 'retention.bytes'].some((name) => settings.get(name) !== '-1')
  if (plan.keeps === 'everything' && isLimited) {
    log.warn(
      { topic: plan.name },
      'This topic forgets old events: archive and replay begin where its retention ends. Set retention.ms and retention.bytes to -1.',
    )
  }
}
