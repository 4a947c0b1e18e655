import { BatchGetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { deleteOf, scanPages, writeItems } from '../../dynamo-bulk.ts'
import { type Item, indexHome, keyOf, number, numberOf, shardOf, textOf } from '../eventbridge/items.ts'
import type { BusTables } from '../eventbridge/parts.ts'
import { dayOf, positionAt } from '../eventbridge/position.ts'
import { CONSUMERS_HOME, consumerKey, LETTER, SETTLED, WAITING } from './items.ts'

export interface RewoundBooks {
  readonly consumers: readonly string[]
  /** Retries and dead letters of facts that the log does not have. */
  readonly dropped: number
}

/**
 * Has every consumer look through the log again from a moment on, whatever the books say it had handled: its own store
 * may be older than the books. Leases end; retries and dead letters of facts that are not in the log go, as these are
 * told anew. For books that nobody uses.
 */
export async function rewindBooks(parts: BusTables, since: number): Promise<RewoundBooks> {
  const consumers: string[] = []
  let dropped = 0
  for await (const page of scanPages(bulk(parts), { TableName: parts.names.books })) {
    const rows = page.filter((item) => textOf(item, 'home') === CONSUMERS_HOME)
    for (const row of rows) consumers.push(await rewind(parts, row, positionAt(since)))
    const settled = page.filter((item) => isOf(item, SETTLED))
    const lost = await withoutFact(
      parts,
      page.filter((item) => isOf(item, WAITING) || isOf(item, LETTER)),
    )
    await writeItems(bulk(parts), parts.names.books, [...settled, ...lost].map(keyIn).map(deleteOf))
    dropped += lost.length
  }
  return { consumers: consumers.toSorted(), dropped }
}

async function rewind({ clients, calls, names }: BusTables, row: Item, start: number): Promise<string> {
  const name = textOf(row, 'sort')
  const request = new UpdateItemCommand({
    TableName: names.books,
    Key: consumerKey(name),
    UpdateExpression: 'SET #swept = :swept REMOVE #owner, #expires',
    ExpressionAttributeNames: { '#swept': 'swept', '#owner': 'owner', '#expires': 'expires' },
    ExpressionAttributeValues: { ':swept': number(Math.min(numberOf(row, 'swept'), start)) },
  })
  await calls.dynamodb.call((abortSignal) => clients.dynamodb.send(request, { abortSignal }))
  return name
}

async function withoutFact(parts: BusTables, rows: readonly Item[]): Promise<readonly Item[]> {
  const positions = [...new Set(rows.map((row) => numberOf(row, 'position')))]
  const there = new Set<number>()
  for (let i = 0; i < positions.length; i += KEYS_AT_ONCE)
    for (const position of await indexed(parts, positions.slice(i, i + KEYS_AT_ONCE))) there.add(position)
  return rows.filter((row) => !there.has(numberOf(row, 'position')))
}

async function indexed(
  { clients, calls, names, shards }: BusTables,
  positions: readonly number[],
): Promise<readonly number[]> {
  const found: number[] = []
  let left = positions.map((at) => keyOf(indexHome(dayOf(at), shardOf(at, shards)), at))
  for (let attempt = 1; left.length > 0; attempt++) {
    const request = new BatchGetItemCommand({
      RequestItems: { [names.log]: { Keys: left, ConsistentRead: true } },
    })
    const answer = await calls.dynamodb.call((abortSignal) => clients.dynamodb.send(request, { abortSignal }))
    for (const item of answer.Responses?.[names.log] ?? []) found.push(numberOf(item, 'sort'))
    left = answer.UnprocessedKeys?.[names.log]?.Keys ?? []
    if (left.length > 0) await calls.dynamodb.pause(attempt)
  }
  return found
}

const KEYS_AT_ONCE = 100

function isOf(item: Item, prefix: string): boolean {
  return textOf(item, 'home').startsWith('of#') && textOf(item, 'sort').startsWith(prefix)
}

function keyIn(item: Item): Item {
  return { home: { S: textOf(item, 'home') }, sort: { S: textOf(item, 'sort') } }
}

function bulk({ clients, calls }: BusTables) {
  return { client: clients.dynamodb, calls: calls.dynamodb }
}
