import { createHash } from 'node:crypto'
import consumers from '../consumers.json' with { type: 'json' }
import types from '../event-types.json' with { type: 'json' }
import type { Environment } from './environment.ts'

/** What the engines call their things; they look for these names and for no others. */
export interface Names {
  /** `STOA_PREFIX`: stands before every table, bus and queue. */
  readonly prefix: string
  tables(subgraph: string): { readonly events: string; readonly rows: string; readonly checkpoints: string }
  readonly bus: string
  /** The bus's own: everything published, and who has come how far. */
  readonly busTables: { readonly log: string; readonly books: string }
  readonly archive: string
  queue(consumer: string): string
  deadLetters(consumer: string): string
}

/** A durable consumer of the bus, from `consumers.json`: written by the code that subscribes, checked by its test. */
export type Consumer = (typeof consumers)[number]

export const allConsumers: readonly Consumer[] = consumers

/** Every fact there is, from `event-types.json`. */
export const eventTypes: readonly string[] = types

export const subgraphNames: readonly string[] = [
  'catalog',
  'inventory',
  'orders',
  'customer',
  'recommendation',
  'live',
]

export function namesOf({ name }: Pick<Environment, 'name'>): Names {
  const prefix = `stoa-${name}-`
  const bus = `${prefix}bus`
  return {
    prefix,
    tables: (subgraph) => ({
      events: `${prefix}${subgraph}-events`,
      rows: `${prefix}${subgraph}-rows`,
      checkpoints: `${prefix}${subgraph}-checkpoints`,
    }),
    bus,
    busTables: { log: `${bus}-log`, books: `${bus}-books` },
    archive: `${prefix}archive`,
    queue: (consumer) => queueName(bus, consumer),
    deadLetters: (consumer) => `${queueName(bus, consumer)}-dead`,
  }
}

/** Of EventBridge for rules; queues may have 80. */
const MOST_CHARACTERS = 64

/** `resourceName` of platform/src/bus/eventbridge/rule.ts: readable, cut, and told apart by a digest. */
function queueName(bus: string, consumer: string): string {
  const digest = createHash('sha256').update(consumer).digest('hex').slice(0, 8)
  const readable = `${bus}-${consumer.replaceAll(/[^A-Za-z0-9_-]/g, '-')}`
  return `${readable.slice(0, MOST_CHARACTERS - digest.length - 1)}-${digest}`
}
