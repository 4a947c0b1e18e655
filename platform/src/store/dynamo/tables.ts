import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb'
import type { AwsCalls } from '../../aws/call.ts'
import { type Clock, sleep } from '../../clock.ts'
import { engineFault } from '../../engine-fault.ts'

/** The three tables of one store. */
export interface TableNames {
  /** `stream`, `version` → one event; its stream of new images is the change feed. */
  readonly events: string
  /** `home` (table and partition), `sort` → one row. */
  readonly rows: string
  /** `consumer`, `shard` → how far the change feed was told. */
  readonly checkpoints: string
}

export function tableNames(prefix: string): TableNames {
  return { events: `${prefix}events`, rows: `${prefix}rows`, checkpoints: `${prefix}checkpoints` }
}

const ACTIVE_WITHIN_MS = 60_000
const LOOK_EVERY_MS = 100

/** Creates what is missing and waits until all is ready. Pay per request, so there is no capacity to guess. */
export async function createDynamoTables(parts: {
  readonly client: DynamoDBClient
  readonly tables: TableNames
  readonly calls: AwsCalls
  readonly clock: Clock
}): Promise<void> {
  const names = parts.tables
  await Promise.all([
    create(parts, {
      ...keyed(names.events, ['stream', 'S'], ['version', 'N']),
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    }),
    create(parts, keyed(names.rows, ['home', 'S'], ['sort', 'S'])),
    create(parts, keyed(names.checkpoints, ['consumer', 'S'], ['shard', 'S'])),
  ])
}

type Key = readonly [name: string, type: 'S' | 'N']
type Parts = Parameters<typeof createDynamoTables>[0]

function keyed(TableName: string, partition: Key, sort: Key): CreateTableCommandInput {
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [partition, sort].map(([AttributeName, AttributeType]) => ({
      AttributeName,
      AttributeType,
    })),
    KeySchema: [
      { AttributeName: partition[0], KeyType: 'HASH' },
      { AttributeName: sort[0], KeyType: 'RANGE' },
    ],
  }
}

async function create(parts: Parts, input: CreateTableCommandInput): Promise<void> {
  try {
    const request = new CreateTableCommand(input)
    await parts.calls.call((abortSignal) => parts.client.send(request, { abortSignal }))
  } catch (reason) {
    if (!(reason instanceof ResourceInUseException)) throw reason
    await active(parts, input.TableName)
    return
  }
  await active(parts, input.TableName)
  if (input.StreamSpecification) return
  const TimeToLiveSpecification = { AttributeName: 'expires', Enabled: true }
  const request = new UpdateTimeToLiveCommand({ TableName: input.TableName, TimeToLiveSpecification })
  await parts.calls.call((abortSignal) => parts.client.send(request, { abortSignal }))
}

async function active(parts: Parts, TableName: string | undefined): Promise<void> {
  const until = parts.clock.now() + ACTIVE_WITHIN_MS
  while (parts.clock.now() < until) {
    const request = new DescribeTableCommand({ TableName })
    const { Table } = await parts.calls.call((abortSignal) => parts.client.send(request, { abortSignal }))
    if (Table?.TableStatus === 'ACTIVE') return
    await sleep(parts.clock, LOOK_EVERY_MS)
  }
  const message = `The table ${TableName} is not ready after ${ACTIVE_WITHIN_MS} ms. Try again later.`
  throw engineFault('STORE_UNAVAILABLE', message, { engine: 'dynamodb', kind: 'timed_out' })
}
