import type { Clock } from '../../clock.ts'
import type { Envelope } from '../../event.ts'
import type { DeadLetter, DeadLetterQuery } from '../../event-bus.ts'
import { toFault } from '../../fault.ts'
import type { Log } from '../../log.ts'
import type { BusLog, Claim, ClaimRequest, ConsumerChange, Dead, Lease, Replay } from '../bus-log.ts'
import type { KafkaBookkeeping } from './bookkeeping.ts'
import { changeWords } from './changes.ts'
import { createCursorPace } from './cursors.ts'
import type { KafkaEvents } from './events.ts'
import { type ConsumerState, redriveRun, type StateWord, storedOf, takeFresh, waitingId } from './state.ts'

export interface KafkaLogParts {
  readonly events: KafkaEvents
  readonly book: KafkaBookkeeping
  readonly clock: Clock
  readonly log: Log
  /** How often what is ours is looked at, in milliseconds. */
  readonly leaseMs: number
  /** How long the former owner of a consumer may take to let go of it. */
  readonly handoverMs: number
  /** Tells operators of the dead, in a topic of its own. */
  readonly onDead: (letters: readonly DeadLetter[]) => Promise<void>
  /** A cursor has moved. */
  readonly onCursor: (consumer: string, position: number) => void
  readonly watch: BusLog['watch']
}

/**
 * The log of one partition. Who serves a consumer here is for Kafka's groups to say; that only one is heard is for the
 * fence: the position of the newest claim in the state topic.
 */
export function createKafkaLog(parts: KafkaLogParts): BusLog {
  const { events, book } = parts
  const cursors = createCursorPace({ clock: parts.clock, say: book.say })
  const isOurs = ({ consumer, fence }: Lease): boolean => book.state.get(consumer)?.fence === fence
  const namesOf = (leases: readonly Lease[]): readonly string[] => leases.map(({ consumer }) => consumer)

  async function save(changes: readonly ConsumerChange[]): Promise<readonly string[]> {
    const ours = changes.filter(({ lease }) => isOurs(lease))
    await tellOfTheDead(ours)
    const words = ours.flatMap((change) =>
      changeWords(cursors.pace(change), book.state.get(change.lease.consumer)),
    )
    if (words.length > 0) await book.say(words)
    for (const { lease, cursor } of ours) {
      if (cursor !== undefined && isOurs(lease)) parts.onCursor(lease.consumer, cursor)
    }
    return namesOf(changes.map(({ lease }) => lease).filter((lease) => !isOurs(lease)))
  }

  async function tellOfTheDead(changes: readonly ConsumerChange[]): Promise<void> {
    const dead = changes.flatMap((change) => change.dead.map((one) => [change.lease.consumer, one] as const))
    if (dead.length > 0) await parts.onDead(await lettersOf(dead))
  }

  async function lettersOf(dead: readonly (readonly [string, Dead])[]): Promise<readonly DeadLetter[]> {
    const found = await Promise.all(dead.map(([, { position }]) => events.at(position)))
    return dead.flatMap(([consumer, one], i) => {
      const event = found[i]
      return event ? [letterOf(consumer, one, event)] : []
    })
  }

  async function select(query: DeadLetterQuery): Promise<readonly (readonly [string, Dead])[]> {
    await book.refresh()
    const ids = query.ids && new Set(query.ids)
    return book.state
      .all()
      .filter(({ name }) => query.consumer === undefined || name === query.consumer)
      .flatMap(({ name, dead }) => [...dead.values()].map((one) => [name, one] as const))
      .filter(([, { id }]) => !ids || ids.has(id))
      .toSorted(([, a], [, b]) => a.position - b.position)
      .slice(0, query.limit)
  }

  return {
    append: events.append,
    read: events.read,
    at: events.at,
    last: events.last,
    claim: createClaim(parts),
    renew: async (leases) => namesOf(leases.filter((lease) => !isOurs(lease))),
    async release(lease) {
      if (!isOurs(lease)) return
      const { consumer, fence } = lease
      const words = [...cursors.take(lease), { consumer, kind: 'release', id: '', fence, value: {} } as const]
      await book.say(words).catch((reason) => {
        // Whoever comes next waits for us in vain for a while; that is no reason not to end.
        parts.log.warn(
          { consumer, code: toFault(reason).code },
          'A consumer could not be let go of in order.',
        )
      })
    },
    save,
    async adopt(leases) {
      await book.refresh()
      const ours = leases.filter(isOurs).flatMap(({ consumer }) => book.state.get(consumer) ?? [])
      return new Map(
        ours.filter(({ fresh }) => fresh.size > 0).map((state) => [state.name, takeFresh(state)]),
      )
    },
    deadLetters: async (query) => await lettersOf(await select(query)),
    async redrive(query) {
      const dead = await select(query)
      await book.say(dead.flatMap(([consumer, one]) => redriveWords(consumer, one)))
      return dead.length
    },
    async discard(query) {
      const dead = await select(query)
      await book.say(dead.map(([consumer, { id }]) => ({ consumer, kind: 'dead', id, value: undefined })))
      return dead.length
    },
    addReplay: async (replay) => void (await book.say([replayWord(replay)])),
    async consumers() {
      await cursors.flush()
      await book.refresh()
      return book.state.all().flatMap((state) => storedOf(state) ?? [])
    },
    leaseMs: parts.leaseMs,
    watch: parts.watch,
    [Symbol.asyncDispose]: async () => cursors[Symbol.dispose](),
  }
}

function letterOf(consumer: string, dead: Dead, event: Envelope): DeadLetter {
  const { id, attempts, firstAt, lastAt, errorCode, errorMessage, exhausted } = dead
  return { id, consumer, event, attempts, firstAt, lastAt, errorCode, errorMessage, exhausted }
}

/** Waits before dead is dropped, so that none is lost in between; a repeat is what consumers bear. */
function redriveWords(consumer: string, { id, position, stream }: Dead): readonly StateWord[] {
  const waiting = { position, run: redriveRun(id), stream, attempts: 0, firstAt: 0, nextAt: 0 }
  return [
    { consumer, kind: 'waiting', id: waitingId(waiting), value: waiting },
    { consumer, kind: 'dead', id, value: undefined },
  ]
}

function replayWord({ consumer, ...replay }: Replay & { readonly consumer: string }): StateWord {
  return { consumer, kind: 'replay', id: replay.run, value: replay }
}

function createClaim(parts: KafkaLogParts): BusLog['claim'] {
  const { events, book } = parts
  /** Former owners that have not let go yet, and since when we wait for them. */
  const waitingFor = new Map<string, { readonly fence: number; readonly since: number }>()

  function mustWait(state: ConsumerState | undefined, { consumer, owner, now }: ClaimRequest): boolean {
    if (!state?.claimed || state.released || state.claimed.owner === owner) return false
    const known = waitingFor.get(consumer)
    const since = known?.fence === state.fence ? known.since : now
    waitingFor.set(consumer, { fence: state.fence, since })
    return now - since < parts.handoverMs
  }

  async function take(request: ClaimRequest): Promise<number> {
    const { consumer, owner, pattern, imported } = request
    const start = request.from === 'latest' ? await events.last() : 0
    const value = { owner, pattern, imported, start }
    const [position = 0] = await book.say([{ consumer, kind: 'claim', id: '', value }])
    return position
  }

  return async (request): Promise<Claim | undefined> => {
    const { consumer, owner } = request
    await book.refresh()
    if (mustWait(book.state.get(consumer), request)) return undefined
    waitingFor.delete(consumer)
    const fence = await take(request)
    const state = book.state.get(consumer)
    const cursor = state?.cursor ?? 0
    // The beginning is written down once: later claims must not choose another.
    await book.say([{ consumer, kind: 'cursor', id: '', fence, value: cursor }])
    if (!state || state.fence !== fence) return undefined
    takeFresh(state)
    const waiting = [...state.waiting.values()].toSorted((a, b) => a.position - b.position)
    return { lease: { consumer, owner, fence }, cursor, waiting, replays: [...state.replays.values()] }
  }
}
