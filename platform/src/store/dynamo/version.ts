import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { engineFault } from '../../engine-fault.ts'
import type { Item } from './items.ts'
import type { DynamoParts } from './parts.ts'

/** One more with each change of the tables that a program of before cannot work with. */
export const TABLES_VERSION = 1

/** No consumer is named so. */
const KEY: Item = { consumer: { S: '#tables' }, shard: { S: 'version' } }

/**
 * Resolves when the tables are of the version that this program is written for; looks once. Tables that do not say
 * are new, and are marked. Throws BAD_CONFIG when they are older or newer.
 */
export function createVersionCheck(parts: DynamoParts): () => Promise<void> {
  let checked: Promise<void> | undefined
  return async () => {
    checked ??= check(parts)
    try {
      await checked
    } catch (reason) {
      checked = undefined
      throw reason
    }
  }
}

async function check(parts: DynamoParts): Promise<void> {
  const found = (await readVersion(parts)) ?? (await mark(parts))
  if (found === TABLES_VERSION) return
  const advice =
    found > TABLES_VERSION
      ? 'Start the program that they were made for, or a newer one.'
      : 'Migrate the tables, as docs/operations.md says, then start it again.'
  const message = `Expected DynamoDB tables of version ${TABLES_VERSION}, found ${found}. ${advice}`
  throw engineFault('BAD_CONFIG', message, { engine: 'dynamodb', kind: 'schema_version' })
}

async function readVersion(parts: DynamoParts): Promise<number | undefined> {
  const request = new GetItemCommand({ TableName: parts.tables.checkpoints, Key: KEY, ConsistentRead: true })
  const { Item } = await parts.calls.call((abortSignal) => parts.client.send(request, { abortSignal }))
  return Item && Number(Item['version']?.N)
}

/** Two programs may do so at once, with different versions: the first one holds. */
async function mark(parts: DynamoParts): Promise<number> {
  const Item = { ...KEY, version: { N: String(TABLES_VERSION) } }
  const condition = {
    ConditionExpression: 'attribute_not_exists(#shard)',
    ExpressionAttributeNames: { '#shard': 'shard' },
  }
  const request = new PutItemCommand({ TableName: parts.tables.checkpoints, Item, ...condition })
  try {
    await parts.calls.call((abortSignal) => parts.client.send(request, { abortSignal }))
    return TABLES_VERSION
  } catch (reason) {
    if (!(reason instanceof Error) || reason.name !== 'ConditionalCheckFailedException') throw reason
    return (await readVersion(parts)) ?? TABLES_VERSION
  }
}
