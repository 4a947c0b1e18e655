import consumers from '../consumers.json' with { type: 'json' }
import types from '../event-types.json' with { type: 'json' }
import type { Environment } from './environment.ts'

/** What the engines call their things; they look for these names and for no others. */
export interface Names {
  /** `STOA_PREFIX`: stands before every table, bus and queue. */
  readonly prefix: string
  tables(subgraph: string): { readonly events: string; readonly rows: string; readonly checkpoints: string }
  readonly bus: string
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
  return {
    prefix,
    tables: (subgraph) => ({
      events: `${prefix}${subgraph}-events`,
      rows: `${prefix}${subgraph}-rows`,
      checkpoints: `${prefix}${subgraph}-checkpoints`,
    }),
    bus: `${prefix}bus`,
    archive: `${prefix}archive`,
    queue: (consumer) => `${prefix}${consumer.replaceAll('.', '-')}`,
    deadLetters: (consumer) => `${prefix}${consumer.replaceAll('.', '-')}-dead`,
  }
}
