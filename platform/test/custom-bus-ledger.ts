import { randomUUID } from 'node:crypto'
import { GetQueueUrlCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'
import { compilePattern, type EventMatcher, type EventPattern } from '../src/event-pattern.ts'
import type { JsonObject } from '../src/json.ts'

/** What EventBridge's custom event bus knows: buses, subscribers, and which ids came in the last five minutes. */
export interface CustomBusLedger {
  readonly buses: Map<string, Bus>
  /** By their ARNs. */
  readonly subscribers: Map<string, Subscriber>
  /** What became of an entry; resolves when its subscribers' queues have it. */
  put(bus: Bus, entry: PutEntry): Promise<Readonly<Record<string, string>>>
}

export interface Bus {
  readonly name: string
  readonly arn: string
  /** A new one is ready when it was looked at twice. */
  looks: number
}

export interface Subscriber {
  readonly name: string
  readonly arn: string
  readonly busArn: string
  readonly queueArn: string
  roleArn: string
  pattern: string
}

export interface PutEntry {
  readonly Source: string
  readonly DetailType: string
  readonly Detail: string
  /** Seconds since 1970, as CBOR tags a moment. */
  readonly Time: { readonly tag: 1; readonly value: number }
  readonly Resources: readonly string[]
  readonly SystemMetadata: { readonly EventGroupId: string; readonly DeduplicationId: string }
}

const DEDUPLICATION_MS = 300_000
const ACCOUNT = '123456789012'

export function arnOf(kind: 'event-busv2' | 'subscriber', name: string): string {
  return `arn:aws:events:eu-west-1:${ACCOUNT}:${kind}/${name}/${randomUUID().replaceAll('-', '').slice(0, 25)}`
}

export function createCustomBusLedger(sqs: SQSClient): CustomBusLedger {
  const subscribers = new Map<string, Subscriber>()
  const seen = new Map<string, number>()
  /** The last delivery of each group to each subscriber: the next waits for it. */
  const lanes = new Map<string, Promise<void>>()

  function isRepeat(bus: Bus, { SystemMetadata }: PutEntry): boolean {
    const key = JSON.stringify([bus.arn, SystemMetadata.EventGroupId, SystemMetadata.DeduplicationId])
    const isKnown = Date.now() - (seen.get(key) ?? Number.NEGATIVE_INFINITY) < DEDUPLICATION_MS
    if (!isKnown) seen.set(key, Date.now())
    return isKnown
  }

  async function deliver({ queueArn }: Subscriber, event: JsonObject): Promise<void> {
    const name = queueArn.split(':').at(-1)
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }))
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) }))
  }

  async function inOrder(subscriber: Subscriber, group: string, event: JsonObject): Promise<void> {
    const lane = JSON.stringify([subscriber.arn, group])
    const next = (lanes.get(lane) ?? Promise.resolve()).then(() => deliver(subscriber, event))
    lanes.set(lane, next)
    await next
  }

  return {
    buses: new Map(),
    subscribers,
    async put(bus, entry) {
      if (isRepeat(bus, entry)) return { EventId: randomUUID(), SuccessCode: 'DEDUPLICATED' }
      const event = envelopeOf(entry)
      const asked = [...subscribers.values()].filter(
        ({ busArn, pattern }) => busArn === bus.arn && matcherOf(pattern)(event),
      )
      await Promise.all(asked.map((one) => inOrder(one, entry.SystemMetadata.EventGroupId, event)))
      return { EventId: String(event['id']), SuccessCode: 'PUBLISHED' }
    },
  }
}

/** Undefined for what the custom bus takes for no pattern, as one with wildcards. */
export function patternOf(text: string): EventPattern | undefined {
  if (text.includes('"wildcard"') || text.length > 4096) return undefined
  const compiled = compilePattern(JSON.parse(text))
  return compiled.ok ? JSON.parse(text) : undefined
}

function matcherOf(text: string): EventMatcher {
  const compiled = compilePattern(JSON.parse(text))
  return compiled.ok ? compiled.value : () => false
}

/** As a target gets it that asks for no transformation; the time to the second. */
function envelopeOf(entry: PutEntry): JsonObject {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': entry.DetailType,
    source: entry.Source,
    account: ACCOUNT,
    time: `${new Date(entry.Time.value * 1000).toISOString().slice(0, 19)}Z`,
    region: 'eu-west-1',
    resources: entry.Resources,
    detail: JSON.parse(entry.Detail),
  }
}
