import { GetItemCommand, type WriteRequest } from '@aws-sdk/client-dynamodb'
import { deleteOf, putOf, scanPages, writeItems } from '../../dynamo-bulk.ts'
import {
  DAYS_HOME,
  type Item,
  idHome,
  indexHome,
  itemsOf,
  keyOf,
  type LoggedEvent,
  numberOf,
  shardOf,
  streamHome,
  textOf,
  toLogged,
} from './items.ts'
import type { BusTables } from './parts.ts'
import { dayOf, positionAt } from './position.ts'

/** A fact as the log tells it. */
export interface ToldFact {
  readonly source: string
  readonly stream: string
  readonly version: number
  readonly id: string
}

export interface Mended {
  /** Facts whose id or place in the index was missing, and is there again. */
  readonly repaired: number
  /** Facts that no store has any more, or of which only parts had come: taken out of the log. */
  readonly untold: number
}

export interface MendParts extends BusTables {
  /** Of these facts, those that are in no store although their source has one. */
  readonly lost: (facts: readonly ToldFact[]) => Promise<ReadonlySet<ToldFact>>
}

/** What the log has of one fact, by its three items. */
interface Place {
  position: number
  previous: number
  id: string | undefined
  fact: ToldFact | undefined
  hasId: boolean
  hasIndex: boolean
}

/** By sequence. */
type StreamPlaces = Map<number, Place>

/**
 * Makes the log's last part one that the stores could have told: of every stream, all facts that are whole and in
 * their store, without a gap. What is behind is taken out, and told again by its store, if that still has it.
 * For a log that nobody uses; reads all of it. Keeps in memory where the facts since then are, not what they say.
 */
export async function mendLog(parts: MendParts, since: number): Promise<Mended> {
  const start = positionAt(since)
  const streams = await placesSince(parts, start)
  const facts = [...streams.values()].flatMap((places) =>
    [...places.values()].flatMap(({ fact }) => fact ?? []),
  )
  const lost = await parts.lost(facts)
  const writes: WriteRequest[] = []
  const days = new Set<number>()
  let [repaired, untold] = [0, 0]
  for (const [stream, places] of streams) {
    const kept = keptOf(places, { lost, start })
    for (const [sequence, place] of places) {
      if (!kept.has(sequence)) {
        untold += 1
        writes.push(...removals(parts, stream, sequence, place))
      } else if (!place.hasId || !place.hasIndex) {
        repaired += 1
        writes.push(...(await repairs(parts, stream, sequence)))
        days.add(dayOf(place.position))
      }
    }
  }
  for (const day of days) writes.push(putOf(keyOf(DAYS_HOME, day)))
  await writeItems(bulk(parts), parts.names.log, writes)
  return { repaired, untold }
}

async function placesSince(parts: MendParts, since: number): Promise<ReadonlyMap<string, StreamPlaces>> {
  const streams = new Map<string, StreamPlaces>()
  const pages = scanPages(bulk(parts), {
    TableName: parts.names.log,
    FilterExpression: '#position >= :since OR (begins_with(#home, :index) AND #sort >= :since)',
    ExpressionAttributeNames: { '#position': 'position', '#home': 'home', '#sort': 'sort' },
    ExpressionAttributeValues: { ':since': { N: String(since) }, ':index': { S: 'x#' } },
  })
  for await (const page of pages) for (const item of page) note(streams, item)
  return streams
}

function note(streams: Map<string, StreamPlaces>, item: Item): void {
  const home = textOf(item, 'home')
  if (home.startsWith('s#')) {
    const { stream, sequence, position, previous, event } = toLogged(item)
    const { source, version, id } = event
    Object.assign(placeOf(streams, stream, sequence), {
      ...{ position, previous, id },
      fact: { source, stream, version, id },
    })
  } else if (home.startsWith('i#')) {
    const place = placeOf(streams, textOf(item, 'stream'), numberOf(item, 'sequence'))
    Object.assign(place, { hasId: true, id: home.slice(2), position: numberOf(item, 'position') })
  } else {
    const place = placeOf(streams, textOf(item, 'stream'), numberOf(item, 'sequence'))
    Object.assign(place, { hasIndex: true, position: numberOf(item, 'sort') })
  }
}

function placeOf(streams: Map<string, StreamPlaces>, stream: string, sequence: number): Place {
  const places = streams.getOrInsertComputed(stream, () => new Map())
  return places.getOrInsertComputed(sequence, () => ({
    ...{ position: 0, previous: 0, id: undefined, fact: undefined },
    ...{ hasId: false, hasIndex: false },
  }))
}

/** From the oldest on, as long as each follows on the one before. */
function keptOf(
  places: StreamPlaces,
  { lost, start }: { readonly lost: ReadonlySet<ToldFact>; readonly start: number },
): ReadonlySet<number> {
  const kept = new Set<number>()
  const sequences = [...places.keys()].toSorted((a, b) => a - b)
  for (const [i, sequence] of sequences.entries()) {
    const place = places.get(sequence)
    if (!place?.fact || lost.has(place.fact)) break
    // What is before the oldest is older than what is looked at.
    if (i === 0 ? place.previous >= start : !kept.has(sequence - 1)) break
    kept.add(sequence)
  }
  return kept
}

function removals(parts: MendParts, stream: string, sequence: number, place: Place): readonly WriteRequest[] {
  const { position, id } = place
  return [
    keyOf(streamHome(stream), sequence),
    ...(id === undefined ? [] : [keyOf(idHome(id), 0)]),
    ...(position === 0 ? [] : [keyOf(indexHome(dayOf(position), shardOf(position, parts.shards)), position)]),
  ].map(deleteOf)
}

async function repairs(parts: MendParts, stream: string, sequence: number): Promise<readonly WriteRequest[]> {
  const { clients, calls, names, shards } = parts
  const request = new GetItemCommand({
    TableName: names.log,
    Key: keyOf(streamHome(stream), sequence),
    ConsistentRead: true,
  })
  const { Item } = await calls.dynamodb.call((abortSignal) => clients.dynamodb.send(request, { abortSignal }))
  const logged: LoggedEvent | undefined = Item && toLogged(Item)
  if (!logged) return []
  return itemsOf(logged, shards).slice(1).map(putOf)
}

function bulk({ clients, calls }: BusTables) {
  return { client: clients.dynamodb, calls: calls.dynamodb }
}
