import {
  DescribeTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb'
import type { AwsCalls } from '../../aws/call.ts'
import type { Item } from './items.ts'

interface Parts {
  readonly client: DynamoDBClient
  readonly calls: AwsCalls
}

/** No consumer is named so; kept when feeds are rewound. */
const KEY: Item = { consumer: { S: '#tables' }, shard: { S: 'reconciled' } }

/** Whether all of a restored shop was reconciled, so that it may be running; asked of one of its checkpoints tables. */
export async function isReconciled({ client, calls }: Parts, table: TableDescription): Promise<boolean> {
  const { TableName } = table
  const request = new GetItemCommand({ TableName, Key: KEY, ConsistentRead: true })
  const { Item: mark } = await calls.call((abortSignal) => client.send(request, { abortSignal }))
  return mark !== undefined && mark['table']?.S === identityOf(table)
}

/** Says so, once everything is done. `at` is epoch milliseconds. */
export async function markReconciled(
  { client, calls }: Parts,
  table: TableDescription,
  at: number,
): Promise<void> {
  const Item = { ...KEY, table: { S: identityOf(table) }, at: { N: String(at) } }
  const request = new PutItemCommand({ TableName: table.TableName, Item })
  await calls.call((abortSignal) => client.send(request, { abortSignal }))
}

export async function describeCheckpoints(
  { client, calls }: Parts,
  TableName: string,
): Promise<TableDescription> {
  const request = new DescribeTableCommand({ TableName })
  const { Table } = await calls.call((abortSignal) => client.send(request, { abortSignal }))
  return { ...Table, TableName }
}

/** Who restores the table once more has the mark in the copy: it is not of the copy. */
function identityOf({ TableId, TableArn, CreationDateTime }: TableDescription): string {
  return TableId ?? `${TableArn} ${CreationDateTime?.getTime()}`
}
