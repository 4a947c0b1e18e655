import { type DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb'
import {
  type EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge'
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import type { Envelope } from '@stoa/platform/event'

const ENTRIES_AT_ONCE = 10

export interface Clients {
  readonly dynamodb: DynamoDBClient
  readonly events: EventBridgeClient
  readonly sqs: SQSClient
}

let position = 0

/** The event, its id and its place in the index, then PutEvents in tens. */
export async function publishBare(
  { dynamodb, events: client }: Clients,
  events: readonly Envelope[],
): Promise<void> {
  const TransactItems = events.flatMap((event) => bareItems(event).map(putOnce))
  await dynamodb.send(new TransactWriteItemsCommand({ TransactItems }))
  const requests = Array.from({ length: events.length / ENTRIES_AT_ONCE }, (_, i) =>
    client.send(new PutEventsCommand({ Entries: events.slice(i * 10, i * 10 + 10).map(bareEntry) })),
  )
  await Promise.all(requests)
}

function bareItems(event: Envelope): readonly Record<string, { S: string } | { N: string }>[] {
  position += 1
  const place = { position: { N: String(position) }, previous: { N: '0' } }
  const stream = { stream: { S: event.stream }, sequence: { N: '1' } }
  const head = { type: { S: event.type }, source: { S: event.source }, at: { N: String(event.at) } }
  return [
    { home: { S: `s#${event.stream}` }, sort: { N: '1' }, ...place, event: { S: JSON.stringify(event) } },
    { home: { S: `i#${event.id}` }, sort: { N: '0' }, ...place, ...stream },
    { home: { S: 'x#1#0' }, sort: { N: String(position) }, ...stream, ...head },
  ]
}

function putOnce(Item: Record<string, { S: string } | { N: string }>) {
  return { Put: { TableName: 'bare-log', Item, ConditionExpression: 'attribute_not_exists(home)' } }
}

function bareEntry({ source, type, at, stream, data, meta, ...own }: Envelope) {
  return {
    EventBusName: 'bare',
    Source: source,
    DetailType: type,
    Time: new Date(at),
    Resources: [stream],
    Detail: JSON.stringify({ ...data, meta, stoa: { ...own, at, position, sequence: 1, previous: 0 } }),
  }
}

/** A queue that everything from orders goes to. */
export async function bareQueue({ events, sqs }: Clients): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'bare-count' }))
  const rule = { Name: 'bare-count', EventBusName: 'bare' }
  await events.send(new PutRuleCommand({ ...rule, EventPattern: JSON.stringify({ source: ['orders'] }) }))
  const Arn = `arn:aws:sqs:eu-west-1:${QueueUrl.split('/').at(-2)}:bare-count`
  const Targets = [{ Id: 'queue', Arn }]
  await events.send(new PutTargetsCommand({ Rule: rule.Name, EventBusName: 'bare', Targets }))
  return QueueUrl
}

/** Takes in what is there, tens at a time, until told to stop. */
export async function pollBare(
  { sqs }: Clients,
  QueueUrl: string,
  signal: AbortSignal,
  count: (batch: string) => void,
): Promise<void> {
  while (!signal.aborted) {
    const request = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 })
    const { Messages = [] } = await sqs.send(request)
    for (const { Body = '' } of Messages) count(JSON.parse(Body).detail.batch)
    const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }))
    if (Entries.length > 0) await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
  }
}
