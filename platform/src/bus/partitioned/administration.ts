import type { ConsumerStatus, DeadLetter, DeadLetterQuery, EventBus, ReplayRequest } from '../../event-bus.ts'
import { Fault } from '../../fault.ts'
import { checkLimit } from '../archive.ts'
import { compareEvents } from './order.ts'

type Administration = Pick<EventBus, 'replay' | 'deadLetters' | 'redrive' | 'discard' | 'consumers'>

const DEFAULT_DEAD_LETTERS = 100

/** What operators ask of all partitions together. `during` marks what may set something going. */
export function administerPartitions(
  buses: readonly EventBus[],
  during: <T>(act: () => Promise<T>) => Promise<T>,
): Administration {
  /** Oldest first over all partitions, as many as asked for, each with the bus that has it. */
  async function select(query: DeadLetterQuery): Promise<readonly Found[]> {
    const limit = checkLimit(query.limit ?? (query.ids?.length || DEFAULT_DEAD_LETTERS))
    const letters = await Promise.all(
      buses.map(async (bus) =>
        (await bus.deadLetters({ ...query, limit })).map((letter) => ({ bus, letter })),
      ),
    )
    return mergeLetters(letters).slice(0, limit)
  }

  async function each(
    query: DeadLetterQuery,
    act: (bus: EventBus, ids: readonly string[]) => Promise<number>,
  ): Promise<number> {
    const byBus = Map.groupBy(await select(query), ({ bus }) => bus)
    return sum(
      await Promise.all(
        [...byBus].map(([bus, found]) =>
          act(
            bus,
            found.map(({ letter }) => letter.id),
          ),
        ),
      ),
    )
  }

  async function replay(request: ReplayRequest): Promise<number> {
    const outcomes = await Promise.allSettled(buses.map((bus) => bus.replay(request)))
    const failed = outcomes
      .filter((outcome) => outcome.status === 'rejected')
      .map(({ reason }) => reason as unknown)
    // A partition that nobody has served yet does not know the consumer, and has nothing to tell it again.
    const serious =
      failed.find((reason) => !isUnknown(reason)) ?? (failed.length === buses.length && failed[0])
    if (serious) throw serious
    return sum(outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : [])))
  }

  return {
    replay: (request) => during(() => replay(request)),
    deadLetters: async (query = {}) => (await select(query)).map(({ letter }) => letter),
    redrive: (query) => during(() => each(query, (bus, ids) => bus.redrive({ ids }))),
    discard: (query) => during(() => each(query, (bus, ids) => bus.discard({ ids }))),
    consumers: async () => mergeStatuses((await Promise.all(buses.map((bus) => bus.consumers()))).flat()),
  }
}

interface Found {
  readonly bus: EventBus
  readonly letter: DeadLetter
}

/** Keeps the order that each partition has, which a stream relies on. */
function mergeLetters(lists: readonly (readonly Found[])[]): readonly Found[] {
  const rests = lists.map((list) => list.toReversed())
  const merged: Found[] = []
  for (let rest = earliest(rests); rest; rest = earliest(rests)) merged.push(...rest.splice(-1))
  return merged
}

/** The list whose last is the first of all. */
function earliest(rests: readonly Found[][]): Found[] | undefined {
  let first: Found[] | undefined
  for (const rest of rests) {
    const [found, best] = [rest.at(-1), first?.at(-1)]
    if (found && (!best || compareEvents(found.letter.event, best.letter.event) < 0)) first = rest
  }
  return first
}

function mergeStatuses(statuses: readonly ConsumerStatus[]): readonly ConsumerStatus[] {
  return [...Map.groupBy(statuses, ({ name }) => name)]
    .map(([name, some]) => ({
      name,
      lag: sum(some.map(({ lag }) => lag)),
      parked: sum(some.map(({ parked }) => parked)),
      deadLetters: sum(some.map(({ deadLetters }) => deadLetters)),
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function isUnknown(reason: unknown): boolean {
  return reason instanceof Fault && reason.code === 'NOT_FOUND'
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
