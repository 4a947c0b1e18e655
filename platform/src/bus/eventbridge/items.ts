import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { Envelope } from '../../event.ts'
import { invariant } from '../../invariant.ts'
import { dayOf } from './position.ts'

export type Item = Record<string, AttributeValue>

/** An event as the bus's log holds it. */
export interface LoggedEvent extends IndexedEvent {
  /** The position of the event before it in its stream, 0 for the first. */
  readonly previous: number
  readonly event: Envelope
}

/** What the log's index says of an event: enough to tell whether it may concern somebody. */
export interface IndexedEvent {
  /** Unique in the log, rising within a stream, by the publisher's clock otherwise. */
  readonly position: number
  readonly stream: string
  /** 1, 2, 3 … in the order of publication, without gaps in its stream: not the version, which its teller chose. */
  readonly sequence: number
}

/** Where an event with a known id stands. */
export interface KnownEvent extends IndexedEvent {
  readonly previous: number
}

export interface IndexRow extends IndexedEvent {
  readonly type: string
  readonly source: string
  readonly at: number
}

/** The keys of the log table: `home` (text) and `sort` (number). */
export function streamHome(stream: string): string {
  return `s#${stream}`
}

export function idHome(id: string): string {
  return `i#${id}`
}

export function indexHome(day: number, shard: number): string {
  return `x#${day}#${shard}`
}

export const DAYS_HOME = 'days'

export function shardOf(position: number, shards: number): number {
  return position % shards
}

export function keyOf(home: string, sort: number): Item {
  return { home: { S: home }, sort: { N: String(sort) } }
}

/** The three items of one event: itself, its id, its place in the index. */
export function itemsOf(logged: LoggedEvent, shards: number): readonly [Item, Item, Item] {
  const { position, sequence, previous, stream, event } = logged
  const place = { position: number(position), previous: number(previous) }
  const home = indexHome(dayOf(position), shardOf(position, shards))
  const { type, source, at } = event
  return [
    { ...keyOf(streamHome(stream), sequence), ...place, event: { S: JSON.stringify(event) } },
    { ...keyOf(idHome(event.id), 0), ...place, stream: { S: stream }, sequence: number(sequence) },
    {
      ...keyOf(home, position),
      stream: { S: stream },
      sequence: number(sequence),
      type: { S: type },
      source: { S: source },
      at: number(at),
    },
  ]
}

export function toLogged(item: Item): LoggedEvent {
  const event: Envelope = JSON.parse(textOf(item, 'event'))
  const { stream } = event
  return {
    position: numberOf(item, 'position'),
    previous: numberOf(item, 'previous'),
    sequence: numberOf(item, 'sort'),
    stream,
    event,
  }
}

export function toKnown(item: Item): KnownEvent {
  return {
    position: numberOf(item, 'position'),
    previous: numberOf(item, 'previous'),
    sequence: numberOf(item, 'sequence'),
    stream: textOf(item, 'stream'),
  }
}

export function toIndexRow(item: Item): IndexRow {
  return {
    position: numberOf(item, 'sort'),
    sequence: numberOf(item, 'sequence'),
    stream: textOf(item, 'stream'),
    type: textOf(item, 'type'),
    source: textOf(item, 'source'),
    at: numberOf(item, 'at'),
  }
}

export function number(value: number): AttributeValue {
  return { N: String(value) }
}

export function textOf(item: Item, name: string): string {
  const text = item[name]?.S
  invariant(text !== undefined, `items of the bus have the text "${name}"`)
  return text
}

export function numberOf(item: Item, name: string): number {
  const text = item[name]?.N
  invariant(text !== undefined, `items of the bus have the number "${name}"`)
  return Number(text)
}
