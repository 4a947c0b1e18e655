import type { EventMeta } from '@stoa/platform/event'
import { type Append, MAX_TRANSACTION_ITEMS } from '@stoa/platform/event-store'
import { Fault } from '@stoa/platform/fault'
import { type CommandPorts, newEvent } from '@stoa/platform/handle-command'
import type { RowWrite } from '@stoa/platform/table-store'
import { announce } from './domain/decide.ts'
import { evolveStock } from './domain/stock.ts'
import { type ReservationRecord, reservationRows } from './store/reservation-table.ts'
import { type LoadedStock, loadStocks, stockRow, stockStream } from './store/stock-table.ts'

export interface Unsettled {
  readonly orderId: string
  readonly reservation: ReservationRecord
  readonly meta: EventMeta
}

/** An announcement and a row each. */
const STOCKS_PER_COMMIT = MAX_TRANSACTION_ITEMS / 2
const MAX_TRIES = 12

/**
 * Brings rows and announcements up to their streams for an order too wide to do it in its own transaction.
 * Whoever looks at the reservation next does it again if this was cut short.
 */
export async function settleOrder(ports: CommandPorts, order: Unsettled): Promise<void> {
  const { orderId, reservation, meta } = order
  const { unsettled } = reservation
  if (unsettled.length === 0) return
  for (let from = 0; from < unsettled.length; from += STOCKS_PER_COMMIT) {
    await settleStocks(ports, unsettled.slice(from, from + STOCKS_PER_COMMIT), meta)
  }
  // Losing this race is fine: the winner settled too, or the next to look will.
  await ports.store.commit({ rows: reservationRows(orderId, reservation, { ...reservation, unsettled: [] }) })
}

async function settleStocks(ports: CommandPorts, names: readonly string[], meta: EventMeta): Promise<void> {
  const behind = new Set(names.map(stockStream))
  for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
    const stocks = await loadStocks(ports.store, names, behind)
    const parts = [...stocks].map(([name, record]) => announced(ports, { name, record, meta }))
    const appends = parts.flatMap(({ append }) => (append.events.length > 0 ? [append] : []))
    const committed = await ports.store.commit({ appends, rows: parts.map(({ row }) => row) })
    if (committed.ok) return
  }
  throw new Fault(
    'CONFLICT',
    `The rows of ${names.length} SKUs were overtaken ${MAX_TRIES} times. Try again.`,
  )
}

interface Settling {
  /** Of a SKU or shard. */
  readonly name: string
  readonly record: LoadedStock
  readonly meta: EventMeta
}

function announced(
  ports: CommandPorts,
  { name, record, meta }: Settling,
): { readonly append: Append; readonly row: RowWrite } {
  const told = announce(name, record.stock)
  const events = told.map((fact) => newEvent(ports, fact, meta))
  const after = { stock: told.reduce(evolveStock, record.stock), version: record.version + events.length }
  return {
    append: { stream: stockStream(name), expectedVersion: record.version, events },
    row: { ...stockRow(name, after), expect: record.expect },
  }
}
