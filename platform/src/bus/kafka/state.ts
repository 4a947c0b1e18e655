import type { EventPattern } from '../../event-pattern.ts'
import type { Adopted, Dead, Replay, StoredConsumer, Waiting } from '../bus-log.ts'

/**
 * The bookkeeping of all consumers in one partition, as its state topic tells it record by record. Everybody who reads the
 * same records in the same order knows the same. A record under a fence that is lower than the newest claim is the late
 * word of a former owner and changes nothing.
 */
export interface KafkaState {
  apply(position: number, word: StateWord): void
  get(consumer: string): ConsumerState | undefined
  all(): readonly ConsumerState[]
}

/** One record of the state topic. Its key in the topic is the consumer, the kind and the id. */
export type StateWord = StateKey & {
  /** Of the owner who says it; absent for what operators say. */
  readonly fence?: number
  /** Undefined: gone. */
  readonly value: unknown
}

export interface StateKey {
  readonly consumer: string
  readonly kind: 'claim' | 'release' | 'cursor' | 'waiting' | 'replay' | 'dead'
  /** Of a waiting event, a replay or a dead letter; else empty. */
  readonly id: string
}

export interface Claimed {
  readonly owner: string
  readonly pattern: EventPattern
  readonly imported: boolean
  /** The cursor of a consumer that has none yet. */
  readonly start: number
}

export interface ConsumerState {
  readonly name: string
  claimed: Claimed | undefined
  /** The position of the newest claim. */
  fence: number
  released: boolean
  cursor: number | undefined
  readonly waiting: Map<string, Waiting>
  readonly replays: Map<string, Replay>
  readonly dead: Map<string, Dead>
  /** Ids of waiting events and replays that operators asked for and the owner does not know yet. */
  readonly fresh: Set<string>
  /** Runs of the dead letters that went last. */
  readonly redriven: Set<string>
}

export function createKafkaState(): KafkaState {
  const consumers = new Map<string, ConsumerState>()

  function consumerOf(name: string): ConsumerState {
    const known = consumers.get(name) ?? createConsumer(name)
    consumers.set(name, known)
    return known
  }

  return {
    get: (consumer) => consumers.get(consumer),
    all: () => [...consumers.values()].filter(({ claimed }) => claimed !== undefined),
    apply(position, word) {
      const state = consumerOf(word.consumer)
      if (word.kind === 'claim') claim(state, position, word.value)
      else if (word.fence === undefined || word.fence >= state.fence) {
        // Compaction has taken the claim, if this is the first word under its fence.
        state.fence = word.fence ?? state.fence
        change(state, word)
      }
    },
  }
}

export function waitingId({ position, run }: { readonly position: number; readonly run: string }): string {
  return `${position}/${run}`
}

/** The same whoever redrives a dead letter, so that two who do it at once ask for one thing. */
export function redriveRun(letter: string): string {
  return `redrive:${letter}`
}

/** What operators have asked for since the last call. */
export function takeFresh(state: ConsumerState): Adopted {
  const ids = [...state.fresh]
  state.fresh.clear()
  return {
    waiting: ids.flatMap((id) => state.waiting.get(id) ?? []),
    replays: ids.flatMap((id) => state.replays.get(id) ?? []),
  }
}

/** As everybody may ask for it. */
export function storedOf(state: ConsumerState): StoredConsumer | undefined {
  if (!state.claimed) return undefined
  return {
    name: state.name,
    cursor: state.cursor ?? state.claimed.start,
    pattern: state.claimed.pattern,
    imported: state.claimed.imported,
    waiting: state.waiting.size,
    parked: new Set([...state.waiting.values()].map(({ stream }) => stream)).size,
    deadLetters: state.dead.size,
  }
}

function createConsumer(name: string): ConsumerState {
  return {
    name,
    claimed: undefined,
    fence: 0,
    released: false,
    cursor: undefined,
    waiting: new Map(),
    replays: new Map(),
    dead: new Map(),
    fresh: new Set(),
    redriven: new Set(),
  }
}

function claim(state: ConsumerState, position: number, value: unknown): void {
  // Written by claimKafka, nobody else writes to this topic; the same holds for the values below.
  const claimed = value as Claimed
  state.claimed = claimed
  state.fence = position
  state.released = false
  state.cursor ??= claimed.start
}

function change(state: ConsumerState, { kind, id, value, fence }: StateWord): void {
  switch (kind) {
    case 'claim':
      return
    case 'release':
      state.released = true
      return
    case 'cursor':
      state.cursor = value as number
      return
    case 'waiting':
      if (fence === undefined && state.redriven.has((value as Waiting | undefined)?.run ?? '')) return
      put(state, state.waiting, { id, value: value as Waiting | undefined, fence })
      return
    case 'replay':
      put(state, state.replays, { id, value: value as Replay | undefined, fence })
      return
    case 'dead':
      put(state, state.dead, { id, value: value as Dead | undefined, fence })
      rememberGone(state.redriven, redriveRun(id), value === undefined)
  }
}

/**
 * A second redrive of a letter that is gone changes nothing. Whoever reads the topic after its compaction may not know
 * that, and tells the event twice rather than never.
 */
function rememberGone(redriven: Set<string>, run: string, isGone: boolean): void {
  redriven.delete(run)
  if (!isGone) return
  redriven.add(run)
  const [oldest] = redriven.size > MAX_REDRIVEN ? redriven : []
  if (oldest !== undefined) redriven.delete(oldest)
}

const MAX_REDRIVEN = 10_000

function put<T>(
  state: ConsumerState,
  map: Map<string, T>,
  word: { readonly id: string; readonly value: T | undefined; readonly fence: number | undefined },
): void {
  if (word.value === undefined) {
    map.delete(word.id)
    state.fresh.delete(word.id)
    return
  }
  map.set(word.id, word.value)
  if (word.fence === undefined) state.fresh.add(word.id)
}
