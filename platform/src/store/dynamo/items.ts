import type { AttributeValue, TransactWriteItem } from '@aws-sdk/client-dynamodb'
import type { EventMeta, RecordedEvent } from '../../event.ts'
import { rowName } from '../../event-store.ts'
import { invariant } from '../../invariant.ts'
import type { JsonObject } from '../../json.ts'
import type { Row, RowKey } from '../../table-store.ts'
import type { PreparedAppend, PreparedRow, PreparedTransaction } from '../prepared-transaction.ts'
import { journalOf, writtenBy } from './journal.ts'
import { homeOf, sortMark } from './row-key.ts'
import type { TableNames } from './tables.ts'

export type Item = Record<string, AttributeValue>

/** One item of a transaction, and which stream or row it is about. */
export interface NamedWrite {
  readonly name: string
  readonly write: TransactWriteItem
}

/** An event as the change feed has it. */
export interface FedEvent {
  readonly event: RecordedEvent
  /** The first version of the append it came with: within one, the feed keeps no order. */
  readonly first: number
  /** When it was written, by the writer's clock; undefined in tables of before. Epoch milliseconds. */
  readonly recorded: number | undefined
}

/** `now` is kept with each event, to find again what a feed has missed. Epoch milliseconds. */
export function toWrites(
  tables: TableNames,
  transaction: PreparedTransaction,
  now: number,
): readonly NamedWrite[] {
  const recorded = { recorded: { N: String(now) } }
  const first = { ...recorded, ...journalOf(transaction) }
  const by = { S: writtenBy(transaction, now) }
  return [
    ...transaction.appends.flatMap((append, i) =>
      eventWrites(tables.events, append, { first: i === 0 ? first : recorded, others: recorded }),
    ),
    ...transaction.rows.map((row) => ({ name: rowName(row), write: rowWrite(tables.rows, row, by) })),
  ]
}

export function eventKey(stream: string, version: number): Item {
  return { stream: { S: stream }, version: { N: String(version) } }
}

export function rowItemKey(key: RowKey): Item {
  return { home: { S: homeOf(key) }, sort: { S: sortMark(key.sort) } }
}

export function toEvent(item: Item): RecordedEvent {
  const meta: EventMeta = JSON.parse(textOf(item, 'meta'))
  const data: JsonObject = JSON.parse(textOf(item, 'data'))
  return {
    id: textOf(item, 'id'),
    type: textOf(item, 'type'),
    at: numberOf(item, 'at'),
    data,
    meta,
    stream: textOf(item, 'stream'),
    version: numberOf(item, 'version'),
  }
}

export function toFedEvent(item: Item): FedEvent {
  const recorded = item['recorded']?.N
  return {
    event: toEvent(item),
    first: numberOf(item, 'first'),
    recorded: recorded === undefined ? undefined : Number(recorded),
  }
}

export function toRow({ table, partition }: { table: string; partition: string }, item: Item): Row {
  const value: JsonObject = JSON.parse(textOf(item, 'value'))
  return { table, partition, sort: textOf(item, 'sort').slice(1), version: numberOf(item, 'v'), value }
}

export function textOf(item: Item, name: string): string {
  const text = item[name]?.S
  if (text !== undefined) return text
  invariant(false, `items of ours have the text "${name}"`)
}

function numberOf(item: Item, name: string): number {
  const text = item[name]?.N
  if (text !== undefined) return Number(text)
  invariant(false, `items of ours have the number "${name}"`)
}

function eventWrites(
  TableName: string,
  { stream, expectedVersion, events }: PreparedAppend,
  more: { readonly first: Item; readonly others: Item },
): readonly NamedWrite[] {
  const first = { N: String(expectedVersion + 1) }
  return events.map(({ id, type, at, data, meta }, i) => {
    const Item = {
      ...eventKey(stream, expectedVersion + 1 + i),
      ...(i === 0 ? more.first : more.others),
      first,
      id: { S: id },
      type: { S: type },
      at: { N: String(at) },
      data: { S: data },
      meta: { S: meta },
    }
    const ExpressionAttributeNames = { '#key': 'stream' }
    const ConditionExpression = 'attribute_not_exists(#key)'
    return {
      name: stream,
      write: { Put: { TableName, Item, ConditionExpression, ExpressionAttributeNames } },
    }
  })
}

function rowWrite(TableName: string, row: PreparedRow, by: AttributeValue): TransactWriteItem {
  return row.value === undefined
    ? removal(TableName, row)
    : update(TableName, { ...row, value: row.value }, by)
}

function removal(TableName: string, row: PreparedRow): TransactWriteItem {
  const Key = rowItemKey(row)
  const { expect } = row
  if (expect === 'any') return { Delete: { TableName, Key } }
  const ExpressionAttributeNames = { '#v': 'v' }
  if (expect === 'absent') {
    return {
      Delete: { TableName, Key, ExpressionAttributeNames, ConditionExpression: 'attribute_not_exists(#v)' },
    }
  }
  const ExpressionAttributeValues = { ':expected': { N: String(expect.version) } }
  const ConditionExpression = '#v = :expected'
  return {
    Delete: { TableName, Key, ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues },
  }
}

function update(
  TableName: string,
  row: PreparedRow & { readonly value: string },
  by: AttributeValue,
): TransactWriteItem {
  const { expect, expiresAt, value } = row
  const condition =
    expect === 'any' ? undefined : expect === 'absent' ? 'attribute_not_exists(#v)' : '#v = :expected'
  // DynamoDB's time to live counts in seconds.
  const expiry = expiresAt === undefined ? 'REMOVE #expires' : ', #expires = :expires'
  return {
    Update: {
      TableName,
      Key: rowItemKey(row),
      UpdateExpression: `SET #v = if_not_exists(#v, :zero) + :one, #value = :value, #by = :by ${expiry}`,
      ExpressionAttributeNames: { '#v': 'v', '#value': 'value', '#by': 'by', '#expires': 'expires' },
      ExpressionAttributeValues: {
        ':zero': { N: '0' },
        ':one': { N: '1' },
        ':value': { S: value },
        ':by': by,
        ...(typeof expect === 'object' ? { ':expected': { N: String(expect.version) } } : {}),
        ...(expiresAt === undefined ? {} : { ':expires': { N: String(Math.ceil(expiresAt / 1000)) } }),
      },
      ...(condition === undefined ? {} : { ConditionExpression: condition }),
    },
  }
}
