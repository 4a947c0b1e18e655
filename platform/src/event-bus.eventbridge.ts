import { checkLimit, readArchive } from './bus/archive.ts'
import {
  ensureNativeArchive,
  type NativeArchive,
  type NativeReplay,
  startNativeReplay,
} from './bus/eventbridge/archive.ts'
import { createClassicCarrier } from './bus/eventbridge/classic-carrier.ts'
import { createConsumers } from './bus/eventbridge/consumers.ts'
import { type CustomBus, createCustomCarrier } from './bus/eventbridge/custom/carrier.ts'
import { createEventLog } from './bus/eventbridge/log.ts'
import {
  busNames,
  createBusCalls,
  type EventBridgeClients,
  type EventBridgeParts,
  type Wire,
} from './bus/eventbridge/parts.ts'
import { replayFromLog } from './bus/eventbridge/replay.ts'
import { createBusResources } from './bus/eventbridge/resources.ts'
import { eventBridgeStatus } from './bus/eventbridge/status.ts'
import { createTail } from './bus/eventbridge/tail.ts'
import { createPublisher } from './bus/publish.ts'
import { createBooks } from './bus/queue/books.ts'
import { createLetters } from './bus/queue/letters.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Envelope } from './event.ts'
import type { ArchiveQuery, DeadLetterQuery, EventBus } from './event-bus.ts'
import { Fault } from './fault.ts'
import type { Log } from './log.ts'
import { type Random, systemRandom } from './random.ts'

export interface EventBridgeBusOptions {
  readonly clients: EventBridgeClients
  /** `stoa-prod`: the event bus, and what the names of tables, rules and queues begin with. At most 40 characters. */
  readonly name: string
  /** The custom event bus of 2026 instead of the classic one. What carried events before carries no more. */
  readonly custom?: CustomBus
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** How long running handlers get to end when the bus closes, in milliseconds. Default 5,000. */
  readonly closeMs?: number
  /** After this long without a sign of life a consumer may be taken over, in milliseconds. Default 20,000. */
  readonly leaseMs?: number
  /**
   * After this long an event that did not come by its queue is read from the log, in milliseconds. More than clocks of
   * publishers may differ and than one write may take; 0 only where this process alone publishes. Default 15,000.
   */
  readonly graceMs?: number
  /** How often the log is looked through for such events, in milliseconds. Default 5,000. */
  readonly sweepEveryMs?: number
  /** How often the log is looked at for those who follow, in milliseconds. Default 250. */
  readonly followMs?: number
  /** How long a message in flight is hidden from others; held for as long as it is worked on. Default 60. */
  readonly visibilitySeconds?: number
  /** How long a poll waits for the first message. 0: queues are only asked by `arrived` and `idle`. Default 20. */
  readonly waitSeconds?: number
  /** Partitions of a day's index: each takes about 400 events a second. The same for all processes. Default 4. */
  readonly shards?: number
  /** Of requests to AWS, which live in real time and whose tokens must never come twice. Default: the system's. */
  readonly wire?: Wire
}

export interface EventBridgeBus extends EventBus {
  /** Creates the event bus and the tables where they are missing. Rules and queues come with their consumers. */
  create(): Promise<void>
  /** Resolves when all that was published is taken in by the consumers served here, as far as there is room. */
  arrived(): Promise<void>
  ensureArchive(archive: NativeArchive): Promise<void>
  startReplay(replay: NativeReplay): Promise<void>
}

const DEFAULT_DEAD_LETTERS = 100

/**
 * A bus of Amazon's parts: EventBridge routes, every consumer has a queue on SQS, and DynamoDB keeps what these do
 * not promise: the archive, the order per stream, which ids were told, retries, dead letters.
 * Faults: STORE_UNAVAILABLE (throttled, away), BAD_CONFIG (something missing, role, credentials, clock), BAD_REQUEST
 * (too large, pattern too long). Decision 11 says why it is built so.
 */
export function openEventBridgeBus(options: EventBridgeBusOptions): EventBridgeBus {
  const parts = { ...DEFAULTS, ...options, ...partsOf(options) }
  const eventLog = createEventLog(parts)
  const letters = createLetters(parts, eventLog)
  const books = createBooks(parts)
  const { custom } = options
  const carrier = custom ? createCustomCarrier(parts, custom) : createClassicCarrier(parts)
  const tail = createTail({ ...parts, eventLog })
  const consumers = createConsumers({ ...parts, carrier, eventLog, letters })
  const publisher = createPublisher({ store: { append }, onAppended: () => {}, onRest: () => {} })
  let published = 0
  let closed = false

  async function append(events: readonly Envelope[]) {
    const appended = await eventLog.append(events)
    await carrier.send(appended.map(({ logged, isNew }) => ({ logged, again: !isNew })))
    published += 1
    return []
  }

  function checkOpen(): void {
    if (closed) throw new Fault('STORE_UNAVAILABLE', 'The event bus is closed.', { retryable: false })
  }

  async function idle(): Promise<void> {
    for (let before = -1; before !== published; ) {
      await publisher.flush()
      before = published
      const isCaughtUp = await consumers.catchUp(before)
      await tail.poll()
      await consumers.rest()
      if (!isCaughtUp) before = -1
    }
  }

  return {
    create: () => createBusResources(parts, carrier),
    ensureArchive: (archive) => ensureNativeArchive(parts, archive),
    startReplay: (request) => startNativeReplay(parts, request),
    async publish(events) {
      checkOpen()
      await publisher.publish(events)
    },
    async subscribe(consumer) {
      checkOpen()
      return await consumers.add(consumer)
    },
    async follow(follower) {
      checkOpen()
      return await tail.follow(follower)
    },
    archive: async (query: ArchiveQuery) => await readArchive(eventLog, query),
    async replay(request) {
      await consumers.flush()
      const settledTo = consumers.servedHere(request.consumer)?.tenure.swept()
      return await replayFromLog({ ...parts, eventLog, letters, settledTo }, request).finally(() =>
        consumers.askedOf(request.consumer),
      )
    },
    async deadLetters(query = {}) {
      const within = bounded(query)
      await consumers.flush()
      return await letters.list(within)
    },
    async redrive(query) {
      const within = bounded(query)
      await consumers.flush()
      const count = await letters.redrive(within, options.random.uuid())
      consumers.askedOf(query.consumer)
      return count
    },
    async discard(query) {
      const within = bounded(query)
      await consumers.flush()
      return await letters.discard(within)
    },
    serving: () => consumers.serving(),
    async consumers() {
      await consumers.flush()
      return await eventBridgeStatus({ eventLog, books, letters, servedHere: consumers.servedHere })
    },
    async arrived() {
      await publisher.flush()
      await consumers.catchUp(published)
    },
    idle,
    async [Symbol.asyncDispose]() {
      if (closed) return
      closed = true
      tail.stop()
      await consumers.close()
      await publisher.flush()
    },
  }
}

const DEFAULTS = {
  leaseMs: 20_000,
  graceMs: 15_000,
  sweepEveryMs: 5000,
  followMs: 250,
  visibilitySeconds: 60,
  waitSeconds: 20,
}

function partsOf(options: EventBridgeBusOptions): EventBridgeParts {
  const { clients, clock, random, log, name, shards = 4, graceMs = DEFAULTS.graceMs } = options
  const { wire = { clock: systemClock, random: systemRandom } } = options
  const calls = createBusCalls(wire, options.waitSeconds ?? DEFAULTS.waitSeconds)
  return { clients, clock, random, log, shards, graceMs, calls, wire, names: busNames(name) }
}

function bounded(query: DeadLetterQuery): DeadLetterQuery {
  return { ...query, limit: checkLimit(query.limit ?? (query.ids?.length || DEFAULT_DEAD_LETTERS)) }
}
