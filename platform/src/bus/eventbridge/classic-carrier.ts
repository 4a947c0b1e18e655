import type { PutEventsRequestEntry, PutEventsResultEntry } from '@aws-sdk/client-eventbridge'
import {
  CreateEventBusCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-eventbridge'
import { engineFault } from '../../engine-fault.ts'
import { alone } from './alone.ts'
import type { CarrierQueue, EventCarrier, RoutedConsumer } from './carrier.ts'
import { putEntryBytes, toPutEntry } from './message.ts'
import type { EventBridgeParts } from './parts.ts'
import { allowRule } from './resources.ts'
import { resourceName, rulePattern } from './rule.ts'
import { createEntrySender, type EntryResult, entryBatches } from './sender.ts'

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const AT_ONCE = { entries: 10, bytes: 1_000_000, requests: 4 }

/** Classic EventBridge: a rule for each consumer, its queue the target; PutEvents in tens. */
export function createClassicCarrier(parts: EventBridgeParts): EventCarrier {
  const { clients, calls, names } = parts

  async function put(Entries: readonly PutEventsRequestEntry[]): Promise<readonly EntryResult[]> {
    const request = new PutEventsCommand({ Entries: [...Entries] })
    const answer = await calls.events.call((abortSignal) => clients.events.send(request, { abortSignal }))
    return (answer.Entries ?? []).map(toResult)
  }

  const sender = createEntrySender({ calls: calls.events, put, requests: AT_ONCE.requests })
  return {
    create: () => createBusOnce(parts),
    check: ({ pattern }) => void rulePattern(pattern),
    route: (consumer, { queue }) => routeByRule(parts, consumer, queue),
    async send(events) {
      const entries = events.map((sending) => toPutEntry(names.bus, sending))
      await sender.send(entryBatches(entries, putEntryBytes, AT_ONCE))
    },
  }
}

function toResult({ ErrorCode, ErrorMessage }: PutEventsResultEntry): EntryResult {
  return {
    ...(ErrorCode === undefined ? {} : { errorCode: ErrorCode }),
    ...(ErrorMessage === undefined ? {} : { errorMessage: ErrorMessage }),
  }
}

/**
 * Rule and target of one consumer. A policy that lets the rule send, and a target that is the queue, are left as they
 * are: whoever deployed them may have said more there.
 */
async function routeByRule(
  parts: EventBridgeParts,
  consumer: RoutedConsumer,
  queue: CarrierQueue,
): Promise<void> {
  const { clients, calls, names } = parts
  const Name = resourceName(names.bus, consumer.name)
  const EventPattern = rulePattern(consumer.pattern)
  const rule = new PutRuleCommand({ Name, EventBusName: names.bus, EventPattern, State: 'ENABLED' })
  const { RuleArn = '' } = await alone(calls.events, (abortSignal) =>
    clients.events.send(rule, { abortSignal }),
  )
  await allowRule(parts, queue, RuleArn)
  if (await isTarget(parts, Name, queue)) return
  const Targets = [{ Id: 'queue', Arn: queue.arn }]
  const targets = new PutTargetsCommand({ Rule: Name, EventBusName: names.bus, Targets })
  const answer = await alone(calls.events, (abortSignal) => clients.events.send(targets, { abortSignal }))
  const [refused] = answer.FailedEntries ?? []
  if (!refused) return
  const message = `EventBridge does not take the queue of ${consumer.name} as a target. The log has its reason.`
  throw engineFault('BAD_CONFIG', message, { engine: 'eventbridge', kind: 'target_refused', cause: refused })
}

/** A rule has at most five targets, so one page has them all. */
async function isTarget(
  { clients, calls, names }: EventBridgeParts,
  Rule: string,
  queue: CarrierQueue,
): Promise<boolean> {
  const request = new ListTargetsByRuleCommand({ Rule, EventBusName: names.bus })
  const { Targets = [] } = await calls.events.call((abortSignal) =>
    clients.events.send(request, { abortSignal }),
  )
  return Targets.some(({ Arn }) => Arn === queue.arn)
}

async function createBusOnce({ clients, calls, names }: EventBridgeParts): Promise<void> {
  const request = new CreateEventBusCommand({ Name: names.bus })
  try {
    await calls.events.call((abortSignal) => clients.events.send(request, { abortSignal }))
  } catch (reason) {
    if (!(reason instanceof ResourceAlreadyExistsException)) throw reason
  }
}
