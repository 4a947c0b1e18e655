import type { EventMeta } from '@stoa/platform/event'
import { type Append, MAX_TRANSACTION_ITEMS, type Transaction } from '@stoa/platform/event-store'
import { type CommandPorts, newEvent } from '@stoa/platform/handle-command'
import { invariant } from '@stoa/platform/invariant'
import { announce, type StockCommand } from './domain/decide.ts'
import type { Decision } from './domain/decision.ts'
import { evolveStock } from './domain/stock.ts'
import type { Loaded } from './handle-stock-command.ts'
import { reservationRows, reservationStream } from './store/reservation-table.ts'
import { type StockRecord, stockRow, stockStream } from './store/stock-table.ts'

export interface Step {
  readonly command: StockCommand
  readonly meta: EventMeta
  readonly loaded: Loaded
  readonly decision: Decision
}

export interface Written extends Required<Transaction> {
  /** Stock afterwards, of the SKUs and shards that changed. */
  readonly stock: ReadonlyMap<string, StockRecord>
  /** SKUs and shards whose row and announcement did not fit and must follow. */
  readonly unsettled: readonly string[]
}

/** A reservation's fact, its row, its hold twice (old and new). */
const BESIDES = 4
/** An announcement and a row. */
const BESIDES_FACTS = 2

/**
 * A decision as one transaction: appends at the versions it was made on, rows beside them. Past 32 SKUs of an order
 * the rows and announcements would not fit; then they follow, and the reservation's row remembers that they must.
 */
export function toTransaction(ports: CommandPorts, step: Step): Written {
  const names = [...step.decision.stock.keys()]
  const fits = countItems(step.decision) + BESIDES <= MAX_TRANSACTION_ITEMS
  const parts = names.map((name) => ({ name, ...stockPart(ports, step, { name, tell: fits }) }))
  const unsettled = fits ? [] : names
  const held = reservationPart(ports, step, unsettled)
  return {
    appends: [...parts.map(({ append }) => append), ...held.appends],
    rows: [...(fits ? parts.map(({ name, record }) => stockRow(name, record)) : []), ...held.rows],
    stock: new Map(parts.map(({ name, record }) => [name, record])),
    unsettled,
  }
}

function countItems({ stock }: Decision): number {
  return stock.values().reduce((sum, facts) => sum + facts.length + BESIDES_FACTS, 0)
}

function stockPart(
  ports: CommandPorts,
  { command, decision, loaded, meta }: Step,
  { name, tell }: { readonly name: string; readonly tell: boolean },
): { readonly append: Append; readonly record: StockRecord } {
  const facts = decision.stock.get(name) ?? []
  const before = loaded.records.get(name)
  invariant(before, `"${command.kind}" decided about the stock ${name}, which was not read`)
  const moved = facts.reduce(evolveStock, before.stock)
  const told = tell ? announce(name, moved) : []
  const events = [...facts, ...told].map((fact) => newEvent(ports, fact, meta))
  const record = { stock: told.reduce(evolveStock, moved), version: before.version + events.length }
  return { append: { stream: stockStream(name), expectedVersion: before.version, events }, record }
}

function reservationPart(
  ports: CommandPorts,
  { command, decision, loaded, meta }: Step,
  unsettled: readonly string[],
): Required<Transaction> {
  if (!('orderId' in command) || !decision.reservation) return { appends: [], rows: [] }
  const { orderId } = command
  const { reservation: before } = loaded
  const streamVersion = before.streamVersion + decision.facts.length
  const rows = reservationRows(orderId, before, {
    reservation: decision.reservation,
    streamVersion,
    unsettled,
  })
  if (decision.facts.length === 0) return { appends: [], rows }
  const events = decision.facts.map((fact) => newEvent(ports, fact, meta))
  return {
    appends: [{ stream: reservationStream(orderId), expectedVersion: before.streamVersion, events }],
    rows,
  }
}
