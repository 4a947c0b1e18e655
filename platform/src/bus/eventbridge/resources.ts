import { CreateTableCommand, DescribeTableCommand, ResourceInUseException } from '@aws-sdk/client-dynamodb'
import { CreateQueueCommand, GetQueueAttributesCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { engineFault } from '../../engine-fault.ts'
import type { CarrierQueue, EventCarrier, RoutedConsumer } from './carrier.ts'
import type { EventBridgeParts } from './parts.ts'
import { resourceName } from './rule.ts'

/** A consumer's own queue. */
export interface ConsumerQueue {
  readonly url: string
}

/** What SQS may hand out how often before it goes to the dead-letter queue: what is parsed is deleted long before. */
const MAX_RECEIVES = 20
const RETENTION_SECONDS = 14 * 24 * 3600

/** With the longest pause between two looks, over half a minute. */
const LOOKS = 60

/** The event bus and the two tables, where they are missing; waits until all is ready. */
export async function createBusResources(parts: EventBridgeParts, carrier: EventCarrier): Promise<void> {
  const { names } = parts
  await Promise.all([
    carrier.create(),
    createTable(parts, names.log, 'N'),
    createTable(parts, names.books, 'S'),
  ])
}

/** Queue and dead-letter queue of one consumer, made or brought up to date, and its way to them. */
export async function createConsumerQueue(
  parts: EventBridgeParts & { readonly carrier: EventCarrier },
  consumer: RoutedConsumer,
  visibilitySeconds: number,
): Promise<ConsumerQueue> {
  parts.carrier.check(consumer)
  const name = resourceName(parts.names.bus, consumer.name)
  const dead = await createQueue(parts, `${name}-dead`, {})
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: MAX_RECEIVES })
  const queue = await createQueue(parts, name, {
    VisibilityTimeout: String(visibilitySeconds),
    RedrivePolicy,
  })
  await parts.carrier.route(consumer, { queue, dead })
  return queue
}

/** One that is there is brought up to date: creating it with other attributes would be refused. */
async function createQueue(
  parts: EventBridgeParts,
  QueueName: string,
  more: Readonly<Record<string, string>>,
): Promise<CarrierQueue> {
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
export async function allowRule(
  parts: EventBridgeParts,
  queue: CarrierQueue,
  ruleArn: string,
): Promise<void> {
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
