import type { Clock } from '../../clock.ts'
import type { Envelope } from '../../event.ts'
import type { Consumer, EventBus } from '../../event-bus.ts'
import { Fault } from '../../fault.ts'
import type { Log } from '../../log.ts'
import type { Random } from '../../random.ts'
import type { BusLog } from '../bus-log.ts'
import { createBus } from '../create-bus.ts'
import { createGate, type Gate } from '../gate.ts'
import { compileOrFault } from '../matcher.ts'
import { checkEnvelope } from '../publish.ts'
import { checkPolicy } from '../retry.ts'
import { DEFAULT_CONCURRENCY } from '../runner.ts'
import { administerPartitions } from './administration.ts'
import { readPartitions } from './archive.ts'
import { createShare, type JoinGroup, type Share } from './share.ts'

export interface PartitionedBusParts {
  /** One log a partition, always in the same order. Closed with the bus. */
  readonly stores: readonly BusLog[]
  /** The partition of an event: the same for all events of a stream, for ever. */
  readonly partitionOf: (event: Envelope) => number
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** How long running handlers get to end when the bus closes, in milliseconds. Default 5,000. */
  readonly closeMs?: number
  /** Who may serve what when several processes share a consumer; without it whoever comes first serves all. */
  readonly join?: JoinGroup
}

/**
 * One bus over several logs, each with a dispatcher of its own, so that consumers and publishers grow with the number of
 * partitions. What the port promises per stream holds, as a stream has one partition; between streams it promises no order.
 */
export function createPartitionedBus(parts: PartitionedBusParts): EventBus {
  const gates = new Map<string, Gate>()
  const gateOf = (consumer: string): Gate => gates.get(consumer) ?? createGate(DEFAULT_CONCURRENCY)
  const buses = parts.stores.map((store) => createBus({ ...parts, store, gateOf }))
  const shares = new Map<string, Share>()
  const pulse = createPulse()
  let closed = false

  function checkOpen(): void {
    if (closed) throw new Fault('STORE_UNAVAILABLE', 'The event bus is closed.', { retryable: false })
  }

  async function publish(events: readonly Envelope[]): Promise<void> {
    for (const event of events) checkEnvelope(event)
    const byPartition = Map.groupBy(events, parts.partitionOf)
    const outcomes = await Promise.allSettled(
      [...byPartition].map(([partition, some]) => buses[partition]?.publish(some)),
    )
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  }

  async function subscribe(consumer: Consumer): Promise<AsyncDisposable> {
    compileOrFault(consumer.pattern)
    checkPolicy(consumer)
    if (shares.has(consumer.name)) throw nameTaken(consumer.name)
    const share = createShare({ ...parts, buses, consumer })
    shares.set(consumer.name, share)
    gates.set(consumer.name, createGate(consumer.concurrency ?? DEFAULT_CONCURRENCY))
    try {
      await share.open()
    } catch (reason) {
      shares.delete(consumer.name)
      throw reason
    }
    return { [Symbol.asyncDispose]: () => close(share) }
  }

  async function close(share: Share): Promise<void> {
    await share.close()
    if (shares.get(share.name) === share) shares.delete(share.name)
  }

  return {
    ...administerPartitions(buses, pulse.during),
    archive: (query) => readPartitions(parts.stores, query),
    async publish(events) {
      checkOpen()
      await pulse.during(() => publish(events))
    },
    async subscribe(consumer) {
      checkOpen()
      return await pulse.during(() => subscribe(consumer))
    },
    async follow(follower) {
      const following = await Promise.all(buses.map((bus) => bus.follow(follower)))
      return { [Symbol.asyncDispose]: () => disposeAll(following) }
    },
    serving: () => [...new Set(buses.flatMap((bus) => bus.serving()))],
    async idle() {
      for (let before = -1; before !== pulse.count(); ) {
        before = pulse.count()
        await pulse.rest()
        await Promise.all([...shares.values()].map((share) => share.settled()))
        await Promise.all(buses.map((bus) => bus.idle()))
      }
    },
    async [Symbol.asyncDispose]() {
      closed = true
      await Promise.all([...shares.values()].map(close))
      await disposeAll(buses)
    },
  }
}

/** What was begun through this bus: handlers of one partition publish into another that had come to rest. */
interface Pulse {
  during<T>(act: () => Promise<T>): Promise<T>
  /** How many were begun so far. */
  count(): number
  /** Resolves when those under way have ended. */
  rest(): Promise<void>
}

function createPulse(): Pulse {
  const running = new Set<Promise<unknown>>()
  let begun = 0
  return {
    async during(act) {
      begun += 1
      const acting = act()
      running.add(acting)
      try {
        return await acting
      } finally {
        running.delete(acting)
      }
    },
    count: () => begun,
    rest: async () => void (await Promise.allSettled([...running])),
  }
}

async function disposeAll(resources: readonly AsyncDisposable[]): Promise<void> {
  await Promise.all(resources.map((resource) => resource[Symbol.asyncDispose]()))
}

function nameTaken(name: string): Fault {
  return new Fault('BAD_REQUEST', `The consumer "${name}" is subscribed already. Choose another name.`)
}
