import type { EventPattern } from '../../event-pattern.ts'
import type { Dead, Replay, Waiting, WaitingKey } from '../bus-log.ts'
import { type Item, number, numberOf, textOf } from '../eventbridge/items.ts'

/** What is kept of a consumer itself. */
export interface ConsumerRow {
  readonly name: string
  readonly owner: string
  readonly fence: number
  /** All events up to this position are handled, waiting or dead. */
  readonly swept: number
  /** Counts the redrives and replays that were asked for. */
  readonly asked: number
  readonly pattern: EventPattern
  readonly imported: boolean
}

export interface LetterRow extends Dead {
  readonly consumer: string
  readonly sequence: number
}

/** The keys of the books: `home` and `sort`, both texts. */
export const CONSUMERS_HOME = 'consumers'

export function homeOfConsumer(name: string): string {
  return `of#${name}`
}

export const WAITING = 'w#'
export const LETTER = 'd#'
export const REPLAY = 'r#'
export const SETTLED = 'm#'

export function bookKey(home: string, sort: string): Item {
  return { home: { S: home }, sort: { S: sort } }
}

export function consumerKey(name: string): Item {
  return bookKey(CONSUMERS_HOME, name)
}

export function waitingKey(consumer: string, { position, run }: WaitingKey): Item {
  return bookKey(homeOfConsumer(consumer), `${WAITING}${padded(position)}#${run}`)
}

export function letterKey(consumer: string, { position, id }: Pick<Dead, 'position' | 'id'>): Item {
  return bookKey(homeOfConsumer(consumer), `${LETTER}${padded(position)}#${id}`)
}

export function replayKey(consumer: string, run: string): Item {
  return bookKey(homeOfConsumer(consumer), `${REPLAY}${run}`)
}

/** Texts in the order of the numbers. */
export function padded(position: number): string {
  return String(position).padStart(16, '0')
}

export function waitingItem(consumer: string, waiting: Waiting): Item {
  const { position, run, stream, attempts, firstAt, nextAt } = waiting
  return {
    ...waitingKey(consumer, waiting),
    position: number(position),
    run: { S: run },
    stream: { S: stream },
    attempts: number(attempts),
    firstAt: number(firstAt),
    nextAt: number(nextAt),
  }
}

export function toWaiting(item: Item): Waiting {
  return {
    position: numberOf(item, 'position'),
    run: textOf(item, 'run'),
    stream: textOf(item, 'stream'),
    attempts: numberOf(item, 'attempts'),
    firstAt: numberOf(item, 'firstAt'),
    nextAt: numberOf(item, 'nextAt'),
  }
}

export function letterItem(letter: LetterRow): Item {
  const key = letterKey(letter.consumer, letter)
  return { ...key, position: number(letter.position), letter: { S: JSON.stringify(letter) } }
}

export function toLetter(item: Item): LetterRow {
  const letter: LetterRow = JSON.parse(textOf(item, 'letter'))
  return letter
}

export function replayItem(consumer: string, replay: Replay): Item {
  const item = { ...replayKey(consumer, replay.run), replay: { S: JSON.stringify(replay) } }
  return { ...item, cursor: number(replay.cursor) }
}

export function toReplay(item: Item): Replay {
  const replay: Replay = JSON.parse(textOf(item, 'replay'))
  return { ...replay, cursor: numberOf(item, 'cursor') }
}

export function toConsumer(item: Item): ConsumerRow {
  const pattern: EventPattern = JSON.parse(textOf(item, 'pattern'))
  return {
    name: textOf(item, 'sort'),
    owner: item['owner']?.S ?? '',
    fence: numberOf(item, 'fence'),
    swept: numberOf(item, 'swept'),
    asked: Number(item['asked']?.N ?? 0),
    pattern,
    imported: item['imported']?.BOOL ?? false,
  }
}
