import { PutItemCommand, type TransactWriteItem } from '@aws-sdk/client-dynamodb'
import type { Envelope } from '../../event.ts'
import type { DeadLetter, DeadLetterQuery } from '../../event-bus.ts'
import type { Replay } from '../bus-log.ts'
import type { Item } from '../eventbridge/items.ts'
import type { EventLog } from '../eventbridge/log.ts'
import type { EventBridgeParts } from '../eventbridge/parts.ts'
import { queryItems } from '../eventbridge/query.ts'
import {
  CONSUMERS_HOME,
  type ConsumerRow,
  consumerKey,
  homeOfConsumer,
  LETTER,
  type LetterRow,
  letterKey,
  replayItem,
  toConsumer,
  toLetter,
  waitingItem,
} from './items.ts'
import { updateItem, writeAll } from './writes.ts'

/** What operators ask of the books, in whichever process. */
export interface Letters {
  consumers(): Promise<readonly ConsumerRow[]>
  list(query: DeadLetterQuery): Promise<readonly DeadLetter[]>
  count(consumer: string): Promise<number>
  redrive(query: DeadLetterQuery, run: string): Promise<number>
  discard(query: DeadLetterQuery): Promise<number>
  addReplay(consumer: string, replay: Replay): Promise<void>
  /** Has events told again although they never died, as one run. */
  tellAgain(consumer: string, run: string, events: readonly Place[]): Promise<void>
}

type Place = Pick<LetterRow, 'position' | 'stream'>

/** Two items each, and the transaction is small enough that few of them collide. */
const REDRIVES_AT_ONCE = 25
const ALL = 1_000_000
const DEFAULT_LIMIT = 100

export function createLetters(parts: EventBridgeParts, log: EventLog): Letters {
  const { clients, calls, names } = parts

  async function rows(home: string, prefix: string): Promise<readonly Item[]> {
    return await queryItems(parts, {
      TableName: names.books,
      KeyConditionExpression: 'home = :home AND begins_with(sort, :prefix)',
      ExpressionAttributeValues: { ':home': { S: home }, ':prefix': { S: prefix } },
      Limit: ALL,
    })
  }

  async function consumers(): Promise<readonly ConsumerRow[]> {
    const items = await queryItems(parts, {
      TableName: names.books,
      KeyConditionExpression: 'home = :home',
      ExpressionAttributeValues: { ':home': { S: CONSUMERS_HOME } },
      Limit: ALL,
    })
    return items.map(toConsumer)
  }

  /** Oldest event first. There are few dead letters, or there is a greater trouble than reading them all. */
  async function select(query: DeadLetterQuery): Promise<readonly LetterRow[]> {
    const named = query.consumer === undefined ? await consumers() : [{ name: query.consumer }]
    const pages = await Promise.all(named.map(({ name }) => rows(homeOfConsumer(name), LETTER)))
    const ids = query.ids && new Set(query.ids)
    return pages
      .flat()
      .map(toLetter)
      .filter(({ id }) => !ids || ids.has(id))
      .toSorted((a, b) => a.position - b.position)
      .slice(0, query.limit ?? DEFAULT_LIMIT)
  }

  /** Those that somebody else has taken meanwhile are left out. Answers how many are done. */
  async function forEach(
    letters: readonly LetterRow[],
    writesOf: (letter: LetterRow) => readonly TransactWriteItem[],
  ): Promise<number> {
    let done = 0
    for (let i = 0; i < letters.length; i += REDRIVES_AT_ONCE)
      done += await writeGroups(letters.slice(i, i + REDRIVES_AT_ONCE).map(writesOf))
    return done
  }

  async function writeGroups(groups: readonly (readonly TransactWriteItem[])[]): Promise<number> {
    if (groups.length === 0) return 0
    const refused = await writeAll(parts, groups.flat())
    if (refused.length === 0) return groups.length
    const size = groups[0]?.length ?? 1
    const gone = new Set(refused.map((n) => Math.floor(n / size)))
    return await writeGroups(groups.filter((_, n) => !gone.has(n)))
  }

  function removal(letter: LetterRow): TransactWriteItem {
    const Key = letterKey(letter.consumer, letter)
    return { Delete: { TableName: names.books, Key, ConditionExpression: 'attribute_exists(home)' } }
  }

  function again(consumer: string, run: string, { position, stream }: Place): TransactWriteItem {
    const waiting = { position, run, stream, attempts: 0, firstAt: 0, nextAt: 0 }
    return { Put: { TableName: names.books, Item: waitingItem(consumer, waiting) } }
  }

  /** The owner looks when it sees the number change. */
  async function ask(consumer: string): Promise<void> {
    await updateItem(parts, {
      Key: consumerKey(consumer),
      UpdateExpression: 'ADD asked :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    })
  }

  return {
    consumers,
    async list(query) {
      const letters = await select(query)
      const events = await log.load(letters)
      const byPosition = new Map(events.map(({ position, event }) => [position, event]))
      return letters.flatMap((letter) => {
        const event = byPosition.get(letter.position)
        return event ? [toDeadLetter(letter, event)] : []
      })
    },
    count: async (consumer) => (await rows(homeOfConsumer(consumer), LETTER)).length,
    async redrive(query, run) {
      const letters = await select(query)
      const count = await forEach(letters, (letter) => [removal(letter), again(letter.consumer, run, letter)])
      for (const consumer of new Set(letters.map((letter) => letter.consumer))) await ask(consumer)
      return count
    },
    discard: async (query) => await forEach(await select(query), (letter) => [removal(letter)]),
    async addReplay(consumer, replay) {
      const request = new PutItemCommand({ TableName: names.books, Item: replayItem(consumer, replay) })
      await calls.dynamodb.call((abortSignal) => clients.dynamodb.send(request, { abortSignal }))
      await ask(consumer)
    },
    async tellAgain(consumer, run, events) {
      for (let i = 0; i < events.length; i += REDRIVES_AT_ONCE) {
        const chunk = events.slice(i, i + REDRIVES_AT_ONCE)
        await writeGroups(chunk.map((event) => [again(consumer, run, event)]))
      }
      await ask(consumer)
    },
  }
}

function toDeadLetter(letter: LetterRow, event: Envelope): DeadLetter {
  const { id, consumer, attempts, firstAt, lastAt, errorCode, errorMessage, exhausted } = letter
  return { id, consumer, event, attempts, firstAt, lastAt, errorCode, errorMessage, exhausted }
}
