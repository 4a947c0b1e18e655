import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  ScanCommand,
  type ScanCommandInput,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb'
import type { AwsCalls } from './aws/call.ts'
import { engineFault } from './engine-fault.ts'

type Item = Record<string, AttributeValue>

interface Parts {
  readonly client: DynamoDBClient
  readonly calls: AwsCalls
}

/** Every page of a table, as it is when it is read; costs a read unit for each 4 KB of the whole table. */
export async function* scanPages(
  { client, calls }: Parts,
  input: ScanCommandInput,
): AsyncGenerator<readonly Item[]> {
  let from: Pick<ScanCommandInput, 'ExclusiveStartKey'> = {}
  for (;;) {
    const request = new ScanCommand({ ...input, ...from, ConsistentRead: true, Limit: ITEMS_AT_ONCE })
    const page = await calls.call((abortSignal) => client.send(request, { abortSignal }))
    if (page.Items && page.Items.length > 0) yield page.Items
    if (!page.LastEvaluatedKey) return
    from = { ExclusiveStartKey: page.LastEvaluatedKey }
  }
}

/** Puts and deletes of distinct keys, in no order; what DynamoDB leaves over is sent again. */
export async function writeItems(
  { client, calls }: Parts,
  table: string,
  writes: readonly WriteRequest[],
): Promise<void> {
  for (let i = 0; i < writes.length; i += WRITES_AT_ONCE) {
    let undone = writes.slice(i, i + WRITES_AT_ONCE)
    for (let attempt = 1; undone.length > 0; attempt++) {
      const request = new BatchWriteItemCommand({ RequestItems: { [table]: undone } })
      const answer = await calls.call((abortSignal) => client.send(request, { abortSignal }))
      undone = answer.UnprocessedItems?.[table] ?? []
      if (undone.length > 0 && !(await calls.mayRepeat(attempt))) throw leftUndone()
    }
  }
}

export function putOf(item: Item): WriteRequest {
  return { PutRequest: { Item: item } }
}

export function deleteOf(key: Item): WriteRequest {
  return { DeleteRequest: { Key: key } }
}

const ITEMS_AT_ONCE = 1000
const WRITES_AT_ONCE = 25

function leftUndone(): Error {
  const message = 'DynamoDB left writes undone for too long. Try again later; what is done stays done.'
  return engineFault('STORE_UNAVAILABLE', message, { engine: 'dynamodb', kind: 'throttled' })
}
