import type { EventMeta } from '@stoa/platform/event'
import type { Conflict } from '@stoa/platform/event-store'
import { Fault } from '@stoa/platform/fault'
import type { CommandPorts } from '@stoa/platform/handle-command'
import {
  type IdempotencyKey,
  idempotencyRow,
  type KeyReused,
  readIdempotent,
} from '@stoa/platform/idempotency'
import { ok, type Result } from '@stoa/platform/result'
import type { AdjustRefusal } from './domain/adjust.ts'
import { decide, type StockCommand, skusOf } from './domain/decide.ts'
import type { Decision, World } from './domain/decision.ts'
import { noReservation, type Reservation } from './domain/reservation.ts'
import type { LocationReason } from './domain/source-order.ts'
import { type Level, levelAt, noStock } from './domain/stock.ts'
import { settleOrder } from './settle-order.ts'
import { loadReservation, type ReservationRecord } from './store/reservation-table.ts'
import { loadStocks, type StockRecord } from './store/stock-table.ts'
import { toTransaction } from './to-transaction.ts'

export interface StockRequest {
  readonly command: StockCommand
  readonly meta: EventMeta
  readonly idempotency?: IdempotencyKey
}

export interface StockOutcome {
  /** Whether this call changed something; false when it was so already. */
  readonly changed: boolean
  readonly reservation: Reservation
  /** For a count or an adjustment: the level afterwards. */
  readonly level?: Level
  readonly reasons?: readonly LocationReason[]
}

/** Everything a decision was made on. */
export interface Loaded {
  readonly reservation: ReservationRecord
  readonly stock: ReadonlyMap<string, StockRecord>
}

/** Sixteen reactions at once (a consumer's share) all get through; who still loses is told again by the bus. */
const MAX_TRIES = 24

/**
 * The handler for commands that touch several streams at once: every SKU of an order and its reservation change
 * together or not at all. Load, decide, commit at the expected versions, try again on conflict.
 */
export async function handleStockCommand(
  ports: CommandPorts,
  request: StockRequest,
): Promise<Result<StockOutcome, AdjustRefusal | KeyReused>> {
  const { command, idempotency } = request
  let behind: ReadonlySet<string> = new Set()
  for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
    const answered = await readIdempotent<StockOutcome>(ports.store, idempotency)
    if (answered) return answered
    const loaded = await load(ports, request, behind)
    const decided = decide(worldOf(loaded), command)
    if (!decided.ok) return decided
    const committed = await tryCommit(ports, request, { loaded, decision: decided.value })
    if (committed.ok) return committed
    behind = new Set(committed.error.on)
  }
  throw new Fault(
    'CONFLICT',
    `The stock for "${command.kind}" changed ${MAX_TRIES} times while we decided. Try again.`,
  )
}

async function load(
  ports: CommandPorts,
  request: StockRequest,
  behind: ReadonlySet<string>,
): Promise<Loaded> {
  const { command, meta } = request
  const reservation = 'orderId' in command ? await loadReservation(ports.store, command.orderId) : unheld
  if ('orderId' in command) await settleOrder(ports, { orderId: command.orderId, reservation, meta })
  const stock = await loadStocks(ports.store, skusOf(command, reservation.reservation), behind)
  return { reservation, stock }
}

const unheld: ReservationRecord = {
  reservation: noReservation,
  streamVersion: 0,
  expect: 'absent',
  unsettled: [],
}

function worldOf({ reservation, stock }: Loaded): World {
  const stocks = new Map([...stock].map(([sku, record]) => [sku, record.stock]))
  return { reservation: reservation.reservation, stock: stocks }
}

async function tryCommit(
  ports: CommandPorts,
  request: StockRequest,
  decided: { readonly loaded: Loaded; readonly decision: Decision },
): Promise<Result<StockOutcome, Conflict>> {
  const { command, idempotency, meta } = request
  const written = toTransaction(ports, { command, meta, ...decided })
  const outcome = toOutcome(command, decided, written.stock)
  const record = idempotency ? [idempotencyRow(idempotency, outcome, ports.clock.now())] : []
  const rows = [...written.rows, ...record]
  if (written.appends.length + rows.length === 0) return ok(outcome)
  const committed = await ports.store.commit({ appends: written.appends, rows })
  if (!committed.ok) return committed
  if (written.unsettled.length > 0 && 'orderId' in command) {
    const reservation = await loadReservation(ports.store, command.orderId)
    await settleOrder(ports, { orderId: command.orderId, reservation, meta })
  }
  return ok(outcome)
}

function toOutcome(
  command: StockCommand,
  { loaded, decision }: { readonly loaded: Loaded; readonly decision: Decision },
  stock: ReadonlyMap<string, StockRecord>,
): StockOutcome {
  const changed = stock.size > 0 || decision.reservation !== undefined
  const reservation = decision.reservation ?? loaded.reservation.reservation
  const reasons = decision.reasons ? { reasons: decision.reasons } : {}
  if (command.kind !== 'count' && command.kind !== 'adjust') return { changed, reservation, ...reasons }
  const after = stock.get(command.sku) ?? loaded.stock.get(command.sku)
  return { changed, reservation, level: levelAt(after?.stock ?? noStock, command.locationId) }
}
