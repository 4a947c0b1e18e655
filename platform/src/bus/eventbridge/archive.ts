import {
  CreateArchiveCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  ResourceAlreadyExistsException,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge'
import { engineFault } from '../../engine-fault.ts'
import type { EventPattern } from '../../event-pattern.ts'
import type { EventBridgeParts } from './parts.ts'
import { resourceName, rulePattern } from './rule.ts'

/** EventBridge's own archive, beside ours: for those who restore a bus without its log. */
export interface NativeArchive {
  /** Up to 48 letters, digits, `.`, `-` or `_`. */
  readonly name: string
  /** Default: everything. */
  readonly pattern?: EventPattern
  /** Default: for ever. */
  readonly retentionDays?: number
}

export interface NativeReplay {
  /** Never used before on this bus. */
  readonly name: string
  readonly archive: string
  /** Who is told again, and nobody else. */
  readonly consumer: string
  /** When EventBridge took the events in, epoch milliseconds: inclusive from, exclusive to. */
  readonly from: number
  readonly to: number
}

/** Creates the archive unless there is one of that name. */
export async function ensureNativeArchive(parts: EventBridgeParts, archive: NativeArchive): Promise<void> {
  const request = new CreateArchiveCommand({
    ArchiveName: archive.name,
    EventSourceArn: await busArn(parts),
    ...(archive.pattern ? { EventPattern: rulePattern(archive.pattern) } : {}),
    ...(archive.retentionDays === undefined ? {} : { RetentionDays: archive.retentionDays }),
  })
  try {
    await send(parts, (abortSignal) => parts.clients.events.send(request, { abortSignal }))
  } catch (reason) {
    if (!(reason instanceof ResourceAlreadyExistsException)) throw reason
  }
}

/**
 * Has EventBridge send archived events to one consumer's rule again. They come unordered, over minutes, and are told
 * as a redrive is: marked as replayed, in order per stream among those that have come.
 */
export async function startNativeReplay(parts: EventBridgeParts, replay: NativeReplay): Promise<void> {
  const { clients, names } = parts
  const Name = resourceName(names.bus, replay.consumer)
  const rule = new DescribeRuleCommand({ Name, EventBusName: names.bus })
  const { Arn: ruleArn = '' } = await send(parts, (abortSignal) => clients.events.send(rule, { abortSignal }))
  const bus = await busArn(parts)
  const request = new StartReplayCommand({
    ReplayName: replay.name,
    EventSourceArn: bus.replace(`:event-bus/${names.bus}`, `:archive/${replay.archive}`),
    EventStartTime: new Date(replay.from),
    EventEndTime: new Date(replay.to),
    Destination: { Arn: bus, FilterArns: [ruleArn] },
  })
  try {
    await send(parts, (abortSignal) => clients.events.send(request, { abortSignal }))
  } catch (reason) {
    if (!(reason instanceof ResourceAlreadyExistsException)) throw reason
    const message = `A replay is called "${replay.name}" already. Give this one another name.`
    throw engineFault('BAD_REQUEST', message, { engine: 'eventbridge', kind: 'name_taken', cause: reason })
  }
}

async function busArn(parts: EventBridgeParts): Promise<string> {
  const request = new DescribeEventBusCommand({ Name: parts.names.bus })
  const { Arn = '' } = await send(parts, (abortSignal) => parts.clients.events.send(request, { abortSignal }))
  return Arn
}

async function send<T>({ calls }: EventBridgeParts, one: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return await calls.events.call(one)
}
