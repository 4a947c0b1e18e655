import { Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Bus } from './bus.ts'
import type { Graph } from './graph.ts'
import type { Lake } from './lake.ts'
import type { ConsumerQueue } from './queues.ts'
import type { StoreTables } from './tables.ts'

/** What one subgraph may do with its own store: events are added and read, never changed; and its change feed is read. */
export function storeRights(tables: StoreTables): readonly PolicyStatement[] {
  const { events } = tables
  return [
    ...recordRights(tables),
    // All events are looked through when the change feed was not read for longer than it remembers.
    may(['dynamodb:Scan'], [events.tableArn]),
    may(
      ['dynamodb:DescribeStream', 'dynamodb:GetShardIterator', 'dynamodb:GetRecords'],
      [events.tableStreamArn ?? events.tableArn],
    ),
  ]
}

/** The same without the feed. */
export function recordRights({ events, rows, checkpoints }: StoreTables): readonly PolicyStatement[] {
  return [
    may(
      ['dynamodb:DescribeTable'],
      [events, rows, checkpoints].map((table) => table.tableArn),
    ),
    may([...READING, 'dynamodb:PutItem'], [events.tableArn]),
    may([...READING, ...WRITING], [rows.tableArn, checkpoints.tableArn]),
  ]
}

const READING = [
  'dynamodb:GetItem',
  'dynamodb:BatchGetItem',
  'dynamodb:Query',
  'dynamodb:ConditionCheckItem',
] as const
const WRITING = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'] as const

/** Of everybody who opens the bus: to tell, to read what was told, to keep its books. What was told is never changed. */
export function busRights(bus: Bus): readonly PolicyStatement[] {
  return [
    may(['events:PutEvents'], [bus.bus.eventBusArn]),
    may(['dynamodb:PutItem'], [bus.log.tableArn]),
    ...hearRights(bus),
  ]
}

/** Of whoever only consumes: it tells nothing. */
export function hearRights({ log, books }: Bus): readonly PolicyStatement[] {
  return [
    may(['dynamodb:DescribeTable'], [log.tableArn, books.tableArn]),
    may(READING, [log.tableArn]),
    may([...READING, ...WRITING], [books.tableArn]),
  ]
}

/** Of whoever keeps facts: to look, and to add. What is there is never changed; versions would keep it besides. */
export function keepRights({ facts }: Lake): readonly PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['s3:ListBucket'],
      resources: [facts.bucketArn],
      conditions: { StringLike: { 's3:prefix': `${FACTS}*` } },
    }),
    may(['s3:PutObject'], [facts.arnForObjects(`${FACTS}*`)]),
  ]
}

/** Of whoever makes one object of many: to read them too, and to forget those that the new one holds. */
export function compactRights(lake: Lake): readonly PolicyStatement[] {
  return [
    ...keepRights(lake),
    may(['s3:GetObject', 's3:DeleteObject'], [lake.facts.arnForObjects(`${FACTS}*`)]),
  ]
}

/** Where lake/src/layout.ts puts them. */
const FACTS = 'events/'

/** Of a consumer with its own queue, its dead letters and its rule, which it brings up to date when it subscribes. */
export function listenRights(queues: readonly ConsumerQueue[]): readonly PolicyStatement[] {
  if (queues.length === 0) return []
  return [
    may(
      QUEUEING,
      queues.flatMap(({ queue, dead }) => [queue.queueArn, dead.queueArn]),
    ),
    may(
      ['events:PutRule', 'events:PutTargets', 'events:ListTargetsByRule'],
      queues.map(({ ruleArn }) => ruleArn),
    ),
  ]
}

const QUEUEING = [
  'sqs:GetQueueUrl',
  'sqs:GetQueueAttributes',
  'sqs:SetQueueAttributes',
  'sqs:CreateQueue',
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:ChangeMessageVisibility',
] as const

/** Asking and changing the graph, by signed connections only; neither loading nor settings. */
export function graphRight({ resourceId }: Graph, stack: Stack): PolicyStatement {
  const arn = stack.formatArn({ service: 'neptune-db', resource: resourceId, resourceName: 'database' })
  return may(
    [
      'neptune-db:connect',
      'neptune-db:ReadDataViaQuery',
      'neptune-db:WriteDataViaQuery',
      'neptune-db:DeleteDataViaQuery',
    ],
    [arn],
  )
}

/** What it reads and writes is encrypted; the key is used through these services only. */
export function keyRight(key: IKey, services: readonly string[]): PolicyStatement {
  const { region, urlSuffix } = Stack.of(key)
  return new PolicyStatement({
    actions: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
    resources: [key.keyArn],
    conditions: {
      StringEquals: { 'kms:ViaService': services.map((service) => `${service}.${region}.${urlSuffix}`) },
    },
  })
}

export function may(actions: readonly string[], resources: readonly string[]): PolicyStatement {
  return new PolicyStatement({ actions: [...actions], resources: [...resources] })
}
