import { busNames } from '../bus/eventbridge/parts.ts'
import { tableNames } from '../store/dynamo/tables.ts'

/** One of the tables of a shop; all names begin with its prefix. */
export interface ShopTable {
  readonly name: string
  /** Events must be of a later moment than everything else: rows can be made again from them, and facts told. */
  readonly isEvents: boolean
}

/** In the order in which they are to be kept: the bus, rows and checkpoints, and events last. */
export function shopTables(prefix: string, stores: readonly string[]): readonly ShopTable[] {
  const { log, books } = busNames(`${prefix}bus`)
  const ofStores = stores.map((store) => tableNames(`${prefix}${store}-`))
  const others = [log, books, ...ofStores.flatMap(({ rows, checkpoints }) => [rows, checkpoints])]
  return [
    ...others.map((name) => ({ name, isEvents: false })),
    ...ofStores.map(({ events }) => ({ name: events, isEvents: true })),
  ]
}

export function renamed(name: string, from: string, to: string): string {
  return to + name.slice(from.length)
}
