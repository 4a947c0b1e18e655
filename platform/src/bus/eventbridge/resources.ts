import { CreateTableCommand, DescribeTableCommand, ResourceInUseException } from '@aws-sdk/client-dynamodb'
import {
  ConcurrentModificationException,
  CreateEventBusCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-eventbridge'
import { CreateQueueCommand, GetQueueAttributesCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { engineFault } from '../../engine-fault.ts'
import type { EventPattern } from '../../event-pattern.ts'
import type { EventBridgeParts } from './parts.ts'
import { resourceName, rulePattern } from './rule.ts'

/** A consumer's own queue. */
export interface ConsumerQueue {
  readonly url: string
}

/** What SQS may hand out how often before it goes to the dead-letter queue: what is parsed is deleted long before. */
const MAX_RECEIVES = 20
const RETENTION_SECONDS = 14 * 24 * 3600

/** With the longest pause between two looks, over half a minute. */
const LOOKS = 60
const TRIES_ALONE = 20

/** The event bus and the two tables, where they are missing; waits until all is ready. */
export async function createBusResources(parts: EventBridgeParts): Promise<void> {
  const { names } = parts
  await Promise.all([
    createBusOnce(parts),
    createTable(parts, names.log, 'N'),
    createTable(parts, names.books, 'S'),
  ])
}

/**
 * Queue, dead-letter queue, rule and target of one consumer, made or brought up to date. A policy that lets the rule
 * send, and a target that is the queue, are left as they are: whoever deployed them may have said more there.
 */
export async function createConsumerQueue(
  parts: EventBridgeParts,
  consumer: { readonly name: string; readonly pattern: EventPattern },
  visibilitySeconds: number,
): Promise<ConsumerQueue> {
  const { clients, names } = parts
  const EventPattern = rulePattern(consumer.pattern)
  const name = resourceName(names.bus, consumer.name)
  const dead = await createQueue(parts, `${name}-dead`, {})
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: MAX_RECEIVES })
  const queue = await createQueue(parts, name, {
    VisibilityTimeout: String(visibilitySeconds),
    RedrivePolicy,
  })
  const rule = new PutRuleCommand({ Name: name, EventBusName: names.bus, EventPattern, State: 'ENABLED' })
  const { RuleArn = '' } = await alone(parts, (abortSignal) => clients.events.send(rule, { abortSignal }))
  await allow(parts, queue, RuleArn)
  if (await isTarget(parts, name, queue)) return queue
  const Targets = [{ Id: 'queue', Arn: queue.arn }]
  const targets = new PutTargetsCommand({ Rule: name, EventBusName: names.bus, Targets })
  const answer = await alone(parts, (abortSignal) => clients.events.send(targets, { abortSignal }))
  const [refused] = answer.FailedEntries ?? []
  if (!refused) return queue
  const message = `EventBridge does not take the queue of ${consumer.name} as a target. The log has its reason.`
  throw engineFault('BAD_CONFIG', message, { engine: 'eventbridge', kind: 'target_refused', cause: refused })
}

/** Several processes may come up with the same consumer at once: EventBridge changes a rule for one at a time. */
async function alone<T>({ calls }: EventBridgeParts, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await calls.events.call(send)
    } catch (reason) {
      if (!(reason instanceof ConcurrentModificationException) || attempt === TRIES_ALONE) throw reason
      await calls.events.pause(attempt)
    }
  }
}

/** A rule has at most five targets, so one page has them all. */
async function isTarget(
  { clients, calls, names }: EventBridgeParts,
  Rule: string,
  queue: Queue,
): Promise<boolean> {
  const request = new ListTargetsByRuleCommand({ Rule, EventBusName: names.bus })
  const { Targets = [] } = await calls.events.call((abortSignal) =>
    clients.events.send(request, { abortSignal }),
  )
  return Targets.some(({ Arn }) => Arn === queue.arn)
}

interface Queue extends ConsumerQueue {
  readonly arn: string
  /** JSON text; empty when nobody may send. */
  readonly policy: string
}

/** One that is there is brought up to date: creating it with other attributes would be refused. */
async function createQueue(
  parts: EventBridgeParts,
  QueueName: string,
  more: Readonly<Record<string, string>>,
): Promise<Queue> {
  const { clients, calls } = parts
  const create = new CreateQueueCommand({ QueueName })
  const { QueueUrl: url = '' } = await calls.sqs.call((abortSignal) =>
    clients.sqs.send(create, { abortSignal }),
  )
  const ask = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn', 'Policy'] })
  const { Attributes: known = {} } = await calls.sqs.call((abortSignal) =>
    clients.sqs.send(ask, { abortSignal }),
  )
  const { QueueArn: arn = '', Policy: policy = '' } = known
  await setAttributes(parts, url, {
    MessageRetentionPeriod: String(RETENTION_SECONDS),
    SqsManagedSseEnabled: 'true',
    ...more,
    // AWS keeps what is not said; emulators forget it.
    ...(policy === '' ? {} : { Policy: policy }),
  })
  return { url, arn, policy }
}

/** This rule alone may send to this queue. */
async function allow(parts: EventBridgeParts, queue: Queue, ruleArn: string): Promise<void> {
  if (queue.policy.includes(JSON.stringify(ruleArn))) return
  const statement = {
    Sid: 'rule',
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queue.arn,
    Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } },
  }
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  await setAttributes(parts, queue.url, { Policy })
}

async function setAttributes(
  { clients, calls }: EventBridgeParts,
  QueueUrl: string,
  Attributes: Record<string, string>,
): Promise<void> {
  const request = new SetQueueAttributesCommand({ QueueUrl, Attributes })
  await calls.sqs.call((abortSignal) => clients.sqs.send(request, { abortSignal }))
}

async function createBusOnce({ clients, calls, names }: EventBridgeParts): Promise<void> {
  const request = new CreateEventBusCommand({ Name: names.bus })
  try {
    await calls.events.call((abortSignal) => clients.events.send(request, { abortSignal }))
  } catch (reason) {
    if (!(reason instanceof ResourceAlreadyExistsException)) throw reason
  }
}

/** Pay per request, so there is no capacity to guess. */
async function createTable(parts: EventBridgeParts, TableName: string, sort: 'N' | 'S'): Promise<void> {
  const { clients, calls } = parts
  const request = new CreateTableCommand({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'home', AttributeType: 'S' },
      { AttributeName: 'sort', AttributeType: sort },
    ],
    KeySchema: [
      { AttributeName: 'home', KeyType: 'HASH' },
      { AttributeName: 'sort', KeyType: 'RANGE' },
    ],
  })
  try {
    await calls.dynamodb.call((abortSignal) => clients.dynamodb.send(request, { abortSignal }))
  } catch (reason) {
    if (!(reason instanceof ResourceInUseException)) throw reason
  }
  await untilActive(parts, TableName)
}

/** In real time: the service knows no other. */
async function untilActive({ clients, calls }: EventBridgeParts, TableName: string): Promise<void> {
  for (let look = 1; look <= LOOKS; look++) {
    const request = new DescribeTableCommand({ TableName })
    const { Table } = await calls.dynamodb.call((abortSignal) =>
      clients.dynamodb.send(request, { abortSignal }),
    )
    if (Table?.TableStatus === 'ACTIVE') return
    await calls.dynamodb.pause(look)
  }
  const message = `The table ${TableName} is still not ready. Try again later.`
  throw engineFault('STORE_UNAVAILABLE', message, { engine: 'dynamodb', kind: 'table_not_ready' })
}
