import { type Clock, sleep } from '@stoa/platform/clock'
import type { Consumer, EventBus } from '@stoa/platform/event-bus'
import type { EventStore } from '@stoa/platform/event-store'
import { Fault } from '@stoa/platform/fault'
import { openSubgraph, type SubgraphName } from '../subgraphs.ts'
import type { ServiceTools } from './service-parts.ts'

export interface ReactionsRun {
  /** No new work after this, epoch milliseconds; what runs then has the bus's five seconds to end. */
  readonly until: number
  /** How long nothing must come before it ends; a second where nothing came at all. */
  readonly quietMs: number
}

export interface ReactionsReport {
  readonly handled: number
  /** Tries that failed; their events wait in the bus's books, or are dead letters. */
  readonly failed: number
  /** `idle`: there was nothing more to do. `deadline`: there may be. `elsewhere`: another process reacts. */
  readonly ended: 'idle' | 'deadline' | 'elsewhere'
}

/** Whose reactions need nothing but stores, bus and vendors; what others take from the bus they keep in memory. */
const MOVABLE: readonly SubgraphName[] = ['orders', 'customer', 'inventory']

/** Throws BAD_CONFIG for a subgraph that has to take its events where it answers. */
export function checkMovable(name: SubgraphName): void {
  if (MOVABLE.includes(name)) return
  const able = MOVABLE.join(', ')
  throw new Fault('BAD_CONFIG', `The reactions of ${name} cannot run elsewhere. Those of ${able} can.`)
}

/** For the process that answers requests while another one reacts: it tells, and takes in nothing. */
export function withoutReactions(bus: EventBus): EventBus {
  return { ...bus, subscribe: async () => ({ [Symbol.asyncDispose]: async () => {} }) }
}

/**
 * Lets a subgraph react to what waits for it, through the bus like any other process: under its leases, in its order,
 * with its retries and dead letters. Ends when nothing came for a while, or when the time is up.
 */
export async function runReactions(
  name: SubgraphName,
  run: ReactionsRun,
  tools: ServiceTools,
): Promise<ReactionsReport> {
  const { engines, clock, random, log, env } = tools
  await using bus = await engines.bus()
  await using store = await engines.store(name)
  const counts = { subscribed: 0, handled: 0, failed: 0, lastAt: clock.now() }
  const parts = { store: withoutFeed(store), bus: counting(bus, counts, clock), clock, random, log, env }
  await using _subgraph = await openSubgraph(name, parts)
  const ended = await untilIdle({ bus, clock, counts, run })
  const { handled, failed } = counts
  return { handled, failed, ended }
}

interface Counts {
  subscribed: number
  handled: number
  failed: number
  lastAt: number
}

function counting(bus: EventBus, counts: Counts, clock: Clock): EventBus {
  const counted = (consumer: Consumer): Consumer => ({
    ...consumer,
    async handle(event, delivery) {
      counts.lastAt = clock.now()
      try {
        await consumer.handle(event, delivery)
        counts.handled += 1
      } catch (reason) {
        counts.failed += 1
        throw reason
      } finally {
        counts.lastAt = clock.now()
      }
    },
  })
  return {
    ...bus,
    async subscribe(consumer) {
      counts.subscribed += 1
      return await bus.subscribe(counted(consumer))
    },
  }
}

/** The store's change feed is followed where the subgraph answers: that process tells what is recorded here. */
function withoutFeed(store: EventStore): EventStore {
  return { ...store, follow: async () => ({ [Symbol.asyncDispose]: async () => {} }) }
}

interface Watching {
  readonly bus: EventBus
  readonly clock: Clock
  readonly counts: Counts
  readonly run: ReactionsRun
}

/** What was told before has come by now; whoever had nothing to do waits for no more of the same. */
const EMPTY_MS = 1000

function quietOf({ handled, failed }: Counts, { quietMs }: ReactionsRun): number {
  return handled + failed === 0 ? Math.min(EMPTY_MS, quietMs) : quietMs
}

const LOOK_MS = 250
/** Longer than the lease of a process that was killed holds (20 s), with a try to take it over after that. */
const OWN_WITHIN_MS = 35_000

async function untilIdle({ bus, clock, counts, run }: Watching): Promise<ReactionsReport['ended']> {
  const began = clock.now()
  const isAll = (): boolean => bus.serving().length >= counts.subscribed
  while (clock.now() < run.until) {
    if (isAll()) {
      await Promise.race([bus.idle(), sleep(clock, run.until - clock.now())])
      if (isAll() && clock.now() - counts.lastAt >= quietOf(counts, run) && clock.now() < run.until)
        return 'idle'
    } else {
      // The quiet begins when all is ours: until then, nothing could come.
      counts.lastAt = clock.now()
      if (clock.now() - began > OWN_WITHIN_MS) return 'elsewhere'
    }
    await sleep(clock, Math.min(LOOK_MS, Math.max(0, run.until - clock.now())))
  }
  return 'deadline'
}
