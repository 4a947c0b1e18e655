import {
  type AttributeValue,
  BatchGetItemCommand,
  GetItemCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb'
import type { RecordedEvent } from '../../event.ts'
import type { StreamRange } from '../../event-store.ts'
import type { Row, RowKey, RowPage, RowQuery } from '../../table-store.ts'
import { sortRange } from '../sort-order.ts'
import { throttled } from './call.ts'
import { type Item, rowItemKey, textOf, toEvent, toRow } from './items.ts'
import type { DynamoParts } from './parts.ts'
import { homeOf, sortMark } from './row-key.ts'

/** DynamoDB's limit for one BatchGetItem. */
const KEYS_AT_ONCE = 100
const UNPROCESSED_TRIES = 8
/** Without what only restoring needs. */
const OF_EVENTS = ['stream', 'version', 'id', 'type', 'at', 'data', 'meta']
const KEYS_LEFT = 'DynamoDB left keys unanswered for too long. Try again later.'

export async function loadStream(
  parts: DynamoParts,
  stream: string,
  { after, limit }: Required<StreamRange>,
): Promise<readonly RecordedEvent[]> {
  const items = await queryItems(parts, limit, {
    TableName: parts.tables.events,
    KeyConditionExpression: '#stream = :stream AND #version > :after',
    ProjectionExpression: OF_EVENTS.map((name) => `#${name}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(OF_EVENTS.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: { ':stream': { S: stream }, ':after': { N: String(after) } },
  })
  return items.map(toEvent)
}

export async function queryRows(parts: DynamoParts, query: RowQuery): Promise<RowPage> {
  const range = sortRange(query)
  if (!range) return { rows: [] }
  const { descending = false, after, limit } = query
  const start = descending ? (after === range.below ? after : undefined) : range.above
  const items = await queryItems(parts, limit + 1, {
    TableName: parts.tables.rows,
    KeyConditionExpression: '#home = :home AND begins_with(#sort, :prefix)',
    ExpressionAttributeNames: { '#home': 'home', '#sort': 'sort' },
    ExpressionAttributeValues: { ':home': { S: homeOf(query) }, ':prefix': { S: sortMark(range.from) } },
    ScanIndexForward: !descending,
    ...(start === undefined ? {} : { ExclusiveStartKey: rowItemKey({ ...query, sort: start }) }),
  })
  const rows = items.slice(0, limit).map((item) => toRow(query, item))
  const next = rows.at(-1)?.sort
  return items.length > limit && next !== undefined ? { rows, next } : { rows }
}

export async function getRow(parts: DynamoParts, key: RowKey): Promise<Row | undefined> {
  const request = new GetItemCommand({
    TableName: parts.tables.rows,
    Key: rowItemKey(key),
    ConsistentRead: true,
  })
  const { Item } = await parts.calls.call((abortSignal) => parts.client.send(request, { abortSignal }))
  return Item && toRow(key, Item)
}

/** Same order as the keys; each key is asked for once however often it is named. */
export async function getRows(
  parts: DynamoParts,
  keys: readonly RowKey[],
): Promise<readonly (Row | undefined)[]> {
  const wanted = new Map<string, Item>()
  const ids = keys.map((key) => {
    const [home, sort] = [homeOf(key), sortMark(key.sort)]
    const id = rowId(home, sort)
    if (!wanted.has(id)) wanted.set(id, { home: { S: home }, sort: { S: sort } })
    return id
  })
  const found = new Map<string, Item>()
  for (const item of await getItems(parts, parts.tables.rows, [...wanted.values()]))
    found.set(rowId(textOf(item, 'home'), textOf(item, 'sort')), item)
  return keys.map((key, i) => {
    const item = found.get(ids[i] ?? '')
    return item && toRow(key, item)
  })
}

/** Items in no order; distinct keys only. */
export async function getItems(
  parts: DynamoParts,
  table: string,
  keys: readonly Item[],
): Promise<readonly Item[]> {
  const chunks: Item[][] = []
  for (let i = 0; i < keys.length; i += KEYS_AT_ONCE) chunks.push(keys.slice(i, i + KEYS_AT_ONCE))
  return (await Promise.all(chunks.map((chunk) => getChunk(parts, table, chunk)))).flat()
}

/** DynamoDB may leave keys unanswered when it is busy or the answer grows beyond 16 MB. */
async function getChunk(parts: DynamoParts, table: string, chunk: Item[]): Promise<readonly Item[]> {
  const items: Item[] = []
  let left = chunk
  for (let attempt = 1; ; attempt++) {
    const request = new BatchGetItemCommand({
      RequestItems: { [table]: { Keys: left, ConsistentRead: true } },
    })
    const answer = await parts.calls.call((abortSignal) => parts.client.send(request, { abortSignal }))
    items.push(...(answer.Responses?.[table] ?? []))
    const unprocessed = answer.UnprocessedKeys?.[table]?.Keys ?? []
    if (unprocessed.length === 0) return items
    if (unprocessed.length < left.length) attempt = 0
    left = unprocessed
    if (attempt === UNPROCESSED_TRIES || !(await parts.calls.mayRepeat(attempt))) throw throttled(KEYS_LEFT)
  }
}

/** Pages of at most 1 MB until there are `limit` items or no more. */
async function queryItems(
  parts: DynamoParts,
  limit: number,
  input: QueryCommandInput,
): Promise<readonly Item[]> {
  const items: Item[] = []
  let start: Record<string, AttributeValue> | undefined = input.ExclusiveStartKey
  do {
    const from = start ? { ExclusiveStartKey: start } : {}
    const request = new QueryCommand({ ...input, ...from, ConsistentRead: true, Limit: limit - items.length })
    const page = await parts.calls.call((abortSignal) => parts.client.send(request, { abortSignal }))
    items.push(...(page.Items ?? []))
    start = page.LastEvaluatedKey
  } while (start && items.length < limit)
  return items
}

/** The length says where the one ends and the other begins. */
function rowId(home: string, sort: string): string {
  return `${home.length}:${home}${sort}`
}
