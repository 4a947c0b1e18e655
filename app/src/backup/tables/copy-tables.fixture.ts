import { setTimeout as wait } from 'node:timers/promises'
import {
  type AttributeValue,
  BatchWriteItemCommand,
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  paginateScan,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb'

type Item = Record<string, AttributeValue>

export function localDynamo(endpoint: string): DynamoDBClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  return new DynamoDBClient({ endpoint, region: 'eu-west-1', credentials })
}

export interface Copies {
  /** In the order in which they are copied. */
  readonly names: readonly string[]
  readonly from: string
  readonly to: string
  /** Between one table and the next. */
  readonly pauseMs: number
}

/**
 * Copies tables one after another while somebody writes: what restoring them to different moments gives, without
 * streams, as DynamoDB gives it. Then streams are switched on where the originals have one.
 */
export async function copyTables(client: DynamoDBClient, copies: Copies): Promise<void> {
  const { names, from, to, pauseMs } = copies
  for (const name of names) {
    await copyTable(client, from + name, to + name)
    await wait(pauseMs)
  }
  for (const name of names) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: from + name }))
    const { StreamSpecification } = Table ?? {}
    if (StreamSpecification?.StreamEnabled)
      await client.send(new UpdateTableCommand({ TableName: to + name, StreamSpecification }))
  }
}

export async function itemsIn(client: DynamoDBClient, TableName: string): Promise<readonly Item[]> {
  const items: Item[] = []
  for await (const page of paginateScan({ client }, { TableName, ConsistentRead: true }))
    items.push(...(page.Items ?? []))
  return items
}

async function copyTable(client: DynamoDBClient, from: string, to: string): Promise<void> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: from }))
  const { KeySchema, AttributeDefinitions } = Table ?? {}
  const shape = { KeySchema, AttributeDefinitions, BillingMode: 'PAY_PER_REQUEST' } as const
  await client.send(new CreateTableCommand({ TableName: to, ...shape }))
  const items = await itemsIn(client, from)
  for (let i = 0; i < items.length; i += 25) {
    const RequestItems = { [to]: putsOf(items.slice(i, i + 25)) }
    await client.send(new BatchWriteItemCommand({ RequestItems }))
  }
}

function putsOf(items: readonly Item[]) {
  return items.map((Item) => ({ PutRequest: { Item } }))
}
