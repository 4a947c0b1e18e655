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
import { decide, type StockCommand, type StockRefusal, skusOf } from './domain/decide.ts'
import type { Decision, World } from './domain/decision.ts'
import { noReservation, type Reservation } from './domain/reservation.ts'
import { MAX_SHARDS, mergeShards, shardName } from './domain/shards.ts'
import type { LocationReason } from './domain/source-order.ts'
import { type Level, levelAt, noStock, type Stock } from './domain/stock.ts'
import { type LoadedStocks, loadByChance, loadWhole, startAnywhere } from './load-stock.ts'
import { settleOrder } from './settle-order.ts'
import { loadReservation, type ReservationRecord } from './store/reservation-table.ts'
import type { StockRecord } from './store/stock-table.ts'
import { takeTurns } from './take-turns.ts'
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
export interface Loaded extends LoadedStocks {
  readonly reservation: ReservationRecord
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
): Promise<Result<StockOutcome, StockRefusal | KeyReused>> {
  const { command, idempotency } = request
  let behind: ReadonlySet<string> = new Set()
  using turn = takeTurns(ports, command)
  for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
    await turn.wait(attempt)
    const answered = await readIdempotent<StockOutcome>(ports.store, idempotency)
    if (answered) return answered
    const considered = await consider(ports, request, behind)
    if (!considered.ok) return considered
    const committed = await tryCommit(ports, request, considered.value)
    if (committed.ok) return committed
    behind = new Set(committed.error.on)
  }
  throw new Fault(
    'CONFLICT',
    `The stock for "${command.kind}" changed ${MAX_TRIES} times while we decided. Try again.`,
  )
}

interface Considered {
  readonly loaded: Loaded
  readonly decision: Decision
}

/**
 * An order for what is spread is decided on by one shard, and by all of them only where that one cannot serve it from
 * one place. So it is refused only when all shards, read in one batch, showed too few. Units that come back or move
 * between shards during that very read may be missed by it, never sold twice: every shard that gives is still as read.
 */
async function consider(
  ports: CommandPorts,
  request: StockRequest,
  behind: ReadonlySet<string>,
): Promise<Result<Considered, StockRefusal>> {
  const { command, meta } = request
  const reservation = 'orderId' in command ? await loadReservation(ports.store, command.orderId) : unheld
  if ('orderId' in command) await settleOrder(ports, { orderId: command.orderId, reservation, meta })
  const question = { skus: skusOf(command, reservation.reservation), behind }
  if (command.kind === 'reserve') {
    const some = { reservation, ...(await loadByChance(ports, question)) }
    const decided = decideOn(some, command)
    if (some.shards.size === 0 || (decided.ok && fromOnePlace(decided.value.decision))) return decided
  }
  const all = await loadWhole(ports.store, {
    ...question,
    least: leastShards(command, reservation.reservation),
  })
  return decideOn({ reservation, ...startAnywhere(all, ports.random) }, command)
}

/** Where an order holds units is read whatever the SKU says; to spread is to see every shard there ever was. */
function leastShards(command: StockCommand, reservation: Reservation): ReadonlyMap<string, number> {
  if (command.kind === 'spread') return new Map([[command.sku, MAX_SHARDS]])
  const held = reservation.status === 'HELD' ? reservation.held.flatMap(({ lines }) => lines) : []
  const least = new Map<string, number>()
  for (const { sku, shard = 0 } of held) least.set(sku, Math.max(shard + 1, least.get(sku) ?? 1))
  return least
}

const unheld: ReservationRecord = {
  reservation: noReservation,
  streamVersion: 0,
  expect: 'absent',
  unsettled: [],
}

function decideOn(loaded: Loaded, command: StockCommand): Result<Considered, StockRefusal> {
  const decided = decide(worldOf(loaded), command)
  return decided.ok ? ok({ loaded, decision: decided.value }) : decided
}

function fromOnePlace({ reservation }: Decision): boolean {
  if (!reservation) return true
  return reservation.status === 'HELD' && reservation.held.length === 1
}

function worldOf(loaded: Loaded): World {
  const { skus, shards, reservation } = loaded
  const stock = new Map(skus.map((sku) => [sku, stockOf(loaded, sku)]))
  return { reservation: reservation.reservation, stock, ...(shards.size > 0 && { shards }) }
}

function stockOf({ shards, records }: LoadedStocks, sku: string): Stock {
  const spread = shards.get(sku)
  return spread ? mergeShards(spread) : (records.get(sku)?.stock ?? noStock)
}

async function tryCommit(
  ports: CommandPorts,
  request: StockRequest,
  decided: Considered,
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
  { loaded, decision }: Considered,
  stock: ReadonlyMap<string, StockRecord>,
): StockOutcome {
  const changed = stock.size > 0 || decision.reservation !== undefined
  const reservation = decision.reservation ?? loaded.reservation.reservation
  const reasons = decision.reasons ? { reasons: decision.reasons } : {}
  if (command.kind !== 'count' && command.kind !== 'adjust') return { changed, reservation, ...reasons }
  const after = stockOf(evolved(loaded, stock), command.sku)
  return { changed, reservation, level: levelAt(after, command.locationId) }
}

function evolved(loaded: Loaded, written: ReadonlyMap<string, StockRecord>): LoadedStocks {
  const shards = [...loaded.shards].map(([sku, before]) => {
    const after = before.map(({ number, stock }) => {
      return { number, stock: written.get(shardName(sku, number))?.stock ?? stock }
    })
    return [sku, after] as const
  })
  return { ...loaded, records: new Map([...loaded.records, ...written]), shards: new Map(shards) }
}
