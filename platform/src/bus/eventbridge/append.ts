import {
  type CancellationReason,
  PutItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { engineFault } from '../../engine-fault.ts'
import type { Envelope } from '../../event.ts'
import { chunksOf, firstById } from './chunks.ts'
import {
  DAYS_HOME,
  type IndexedEvent,
  itemsOf,
  keyOf,
  type LoggedEvent,
  streamHome,
  toKnown,
  toLogged,
} from './items.ts'
import type { EventBridgeParts } from './parts.ts'
import { createPositions, dayOf } from './position.ts'
import { queryItems } from './query.ts'
import { createRecent } from './recent.ts'
import { checkEventSize } from './size.ts'

/** An event that is in the log now. */
export interface Appended {
  readonly logged: LoggedEvent
  /** False for an id that was there before. */
  readonly isNew: boolean
}

export type Append = (events: readonly Envelope[]) => Promise<readonly Appended[]>

const TRIES = 12
const REMEMBERED_STREAMS = 10_000

type Head = Pick<IndexedEvent, 'sequence' | 'position'>
type Verdict =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly known: ReadonlyMap<string, LoggedEvent> }

const NO_HEAD: Head = { sequence: 0, position: 0 }

/**
 * Writes events in the order given, each with its id and its place in the index in one transaction: the id is unique
 * for ever, the sequence has no gaps, and whoever sees an event in the log sees all before it in its stream.
 */
export function createAppend(parts: EventBridgeParts): Append {
  const { clients, calls, names } = parts
  const positions = createPositions(parts)
  const heads = createRecent<string, Head>(REMEMBERED_STREAMS)
  const days = new Set<number>()

  async function appendChunk(chunk: readonly Envelope[]): Promise<readonly Appended[]> {
    const known = new Map<string, LoggedEvent>()
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const left = chunk.filter((event) => !known.has(event.id))
      const numbered = await tryChunk(left, known, attempt)
      if (numbered) return settle(chunk, numbered, known)
    }
    throw engineFault('CONFLICT', 'Others publish to the same streams too fast. Publish again.', {
      engine: 'dynamodb',
      kind: 'append_collision',
    })
  }

  /** Undefined when it has to be tried again: without what turned out to be known, or after others at the same streams. */
  async function tryChunk(
    left: readonly Envelope[],
    known: Map<string, LoggedEvent>,
    attempt: number,
  ): Promise<readonly LoggedEvent[] | undefined> {
    // Before positions are given out, which must not grow old; once more for those given out at midnight.
    await Promise.all([loadHeads(left, attempt === 1), registerDays([positions.next(0)])])
    const numbered = numberAll(left)
    await registerDays(numbered.map(({ position }) => position))
    const verdict = numbered.length > 0 ? await write(numbered) : { kind: 'done' as const }
    if (verdict.kind === 'done') return numbered
    for (const [id, logged] of verdict.known) known.set(id, logged)
    for (const { stream } of left) heads.delete(stream)
    if (verdict.known.size === 0) await calls.append.pause(attempt)
    return undefined
  }

  function settle(
    chunk: readonly Envelope[],
    numbered: readonly LoggedEvent[],
    known: ReadonlyMap<string, LoggedEvent>,
  ): readonly Appended[] {
    for (const { stream, sequence, position } of numbered) heads.set(stream, { sequence, position })
    const fresh = new Map(numbered.map((logged) => [logged.event.id, logged]))
    return chunk.flatMap(({ id }) => {
      const logged = fresh.get(id) ?? known.get(id)
      return logged ? [{ logged, isNew: fresh.has(id) }] : []
    })
  }

  /** A first version mostly begins its stream: tried without looking, as the log refuses it otherwise. */
  async function loadHeads(events: readonly Envelope[], isFirstTry: boolean): Promise<void> {
    const first = new Map(events.toReversed().map((event) => [event.stream, event]))
    const unknown = [...first.values()].filter(({ stream }) => heads.get(stream) === undefined)
    await Promise.all(
      unknown.map(async ({ stream, version }) => {
        const isGuess = isFirstTry && version === 1
        heads.set(stream, isGuess ? NO_HEAD : ((await readHead(parts, stream)) ?? NO_HEAD))
      }),
    )
  }

  function numberAll(events: readonly Envelope[]): readonly LoggedEvent[] {
    const moved = new Map<string, Head>()
    return events.map((event) => {
      const { stream } = event
      const head = moved.get(stream) ?? heads.get(stream) ?? NO_HEAD
      const next = { sequence: head.sequence + 1, position: positions.next(head.position) }
      moved.set(stream, next)
      return { ...next, previous: head.position, stream, event }
    })
  }

  async function write(numbered: readonly LoggedEvent[]): Promise<Verdict> {
    const TransactItems = numbered.flatMap((logged) =>
      itemsOf(logged, parts.shards).map((Item) => ({
        Put: {
          TableName: names.log,
          Item,
          ConditionExpression: 'attribute_not_exists(home)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
        },
      })),
    )
    const request = new TransactWriteItemsCommand({
      TransactItems,
      ClientRequestToken: parts.wire.random.uuid(),
    })
    try {
      await calls.append.call((abortSignal) => clients.dynamodb.send(request, { abortSignal }))
      return { kind: 'done' }
    } catch (reason) {
      if (!(reason instanceof TransactionCanceledException)) throw reason
      return { kind: 'refused', known: knownOf(numbered, reason.CancellationReasons ?? []) }
    }
  }

  /** So that readers know which days there are without trying them all. */
  async function registerDays(positionsGiven: readonly number[]): Promise<void> {
    for (const day of new Set(positionsGiven.map(dayOf))) {
      if (days.has(day)) continue
      const request = new PutItemCommand({ TableName: names.log, Item: keyOf(DAYS_HOME, day) })
      await calls.append.call((abortSignal) => clients.dynamodb.send(request, { abortSignal }))
      days.add(day)
    }
  }

  return async (events) => {
    const unique = firstById(events)
    for (const event of unique) checkEventSize(event)
    const appended: Appended[] = []
    // One after the other: what comes later in the list must not come earlier in the log.
    for (const chunk of chunksOf(unique)) appended.push(...(await appendChunk(chunk)))
    return appended
  }
}

/** The newest of a stream. */
export async function readHead(parts: EventBridgeParts, stream: string): Promise<LoggedEvent | undefined> {
  const [item] = await queryItems(parts, {
    TableName: parts.names.log,
    KeyConditionExpression: 'home = :home',
    ExpressionAttributeValues: { ':home': { S: streamHome(stream) } },
    ScanIndexForward: false,
    Limit: 1,
  })
  return item && toLogged(item)
}

/** The second of the three items is the id: what stands there says where the event is. */
function knownOf(
  numbered: readonly LoggedEvent[],
  reasons: readonly CancellationReason[],
): ReadonlyMap<string, LoggedEvent> {
  const known = numbered.flatMap((logged, i) => {
    const reason = reasons[3 * i + 1]
    if (reason?.Code !== 'ConditionalCheckFailed' || !reason.Item) return []
    return [[logged.event.id, { ...logged, ...toKnown(reason.Item) }] as const]
  })
  return new Map(known)
}
