import { archiveConsumer } from '@stoa/lake/archive'
import { systemClock } from '@stoa/platform/clock'
import type { Consumer, EventBus } from '@stoa/platform/event-bus'
import { openMemoryBus } from '@stoa/platform/event-bus.memory'
import type { EventPattern } from '@stoa/platform/event-pattern'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import type { Env } from '@stoa/platform/subgraph'
import { eventTypes } from '@stoa/schema/events'
import { addressEnv } from '../simulators.ts'
import { runSubgraph, subgraphNames } from '../subgraphs.ts'

/** One durable consumer of the bus, as an infrastructure needs to know it. */
export interface ListedConsumer {
  readonly name: string
  /** Whose process consumes: a subgraph's, or the lake's. */
  readonly subgraph: string
  /** EventBridge's grammar, over the shape `eventView` gives. */
  readonly pattern: EventPattern
  /** Takes in imported history too. */
  readonly imported: boolean
}

/** All durable consumers, sorted by name: each subgraph is opened on nothing and asked what it subscribes to. */
export async function listConsumers(): Promise<readonly ListedConsumer[]> {
  const listed: ListedConsumer[] = [toListed('lake', archiveConsumer)]
  for (const subgraph of subgraphNames) {
    await using store = openMemoryStore({ clock: systemClock })
    await using bus = openMemoryBus({ clock: systemClock, random: systemRandom, log: silentLog })
    const hear = (consumer: Consumer): void => void listed.push(toListed(subgraph, consumer))
    const parts = { clock: systemClock, random: systemRandom, log: silentLog, env: NOWHERE }
    await using _open = await runSubgraph(subgraph, { ...parts, store, bus: overheard(bus, hear) })
  }
  return listed.toSorted((one, other) => (one.name < other.name ? -1 : 1))
}

function toListed(
  subgraph: string,
  { name, pattern, imported = false }: Omit<Consumer, 'handle'>,
): ListedConsumer {
  return { name, subgraph, pattern, imported }
}

/** As it stands in `deploy/consumers.json`. */
export async function consumersText(): Promise<string> {
  return `${JSON.stringify(await listConsumers(), null, 2)}\n`
}

/** As it stands in `deploy/event-types.json`: the partitions of the lake. */
export function eventTypesText(): string {
  return `${JSON.stringify(eventTypes().toSorted(), null, 2)}\n`
}

/** Nobody is asked while a subgraph only opens. */
const NOWHERE: Env = {
  ...addressEnv(
    ['payment', 'wms', 'erp', 'notification'].map((name) => ({ name, url: `http://${name}.invalid` })),
  ),
  WEBHOOK_SECRET: 'x'.repeat(32),
}

function overheard(bus: EventBus, hear: (consumer: Consumer) => void): EventBus {
  return {
    ...bus,
    subscribe: (consumer) => {
      hear(consumer)
      return bus.subscribe(consumer)
    },
  }
}
