import { sleep } from '@stoa/platform/clock'
import { toFault } from '@stoa/platform/fault'
import type { CommandPorts } from '@stoa/platform/handle-command'
import type { Log } from '@stoa/platform/log'
import type { RowKey } from '@stoa/platform/table-store'
import { handleStockCommand } from './handle-stock-command.ts'
import { forgetHold, holdBucket, type LapsedHold, lapsedHolds } from './store/reservation-table.ts'

/** At most this many reservations and (empty) partitions in one sweep; the next goes on where it ended. */
const MAX_HOLDS = 100
const MAX_BUCKETS = 48
const EVERY_MS = 60_000

const CURSOR: RowKey = { table: 'sweeps', partition: 'holds', sort: 'cursor' }

/** Sweeps once a minute until disposed. Correctness never depends on it, only how soon lapsed stock is for sale again. */
export function startHoldSweep(parts: CommandPorts & { readonly log: Log }): AsyncDisposable {
  const stopping = new AbortController()
  const running = run(parts, stopping.signal)
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await running
    },
  }
}

async function run(parts: CommandPorts & { readonly log: Log }, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const released = await trySweep(parts)
    if (released < MAX_HOLDS) await sleep(parts.clock, EVERY_MS, signal).catch(() => {})
  }
}

async function trySweep(parts: CommandPorts & { readonly log: Log }): Promise<number> {
  try {
    const released = await sweepHolds(parts)
    if (released > 0) parts.log.info({ released }, 'Stock of orders that never went on is for sale again.')
    return released
  } catch (reason) {
    const { code, message } = toFault(reason)
    parts.log.warn(
      { code, reason: message },
      'The sweep of lapsed reservations failed; the next one tries again.',
    )
    return 0
  }
}

/** Gives back what lapsed up to now. Answers how many reservations. */
export async function sweepHolds(ports: CommandPorts): Promise<number> {
  const now = ports.clock.now()
  const cursor = await ports.store.get(CURSOR)
  const current = holdBucket(now)
  let bucket = Number(cursor?.value['bucket'] ?? current)
  const last = Math.min(current, bucket + MAX_BUCKETS)
  let holds = await lapsedHolds(ports.store, { bucket, until: now, limit: MAX_HOLDS })
  while (holds.length === 0 && bucket < last) {
    bucket += 1
    holds = await lapsedHolds(ports.store, { bucket, until: now, limit: MAX_HOLDS })
  }
  const ended = await Promise.all(holds.map((hold) => expire(ports, hold, now)))
  // Only past partitions are passed, and nothing is ever put into those.
  if (cursor?.value['bucket'] !== bucket)
    await ports.store.commit({ rows: [{ ...CURSOR, value: { bucket } }] })
  return ended.filter(Boolean).length
}

async function expire(ports: CommandPorts, hold: LapsedHold, now: number): Promise<boolean> {
  const { orderId } = hold
  const meta = { correlationId: ports.random.uuid() }
  const outcome = await handleStockCommand(ports, { command: { kind: 'expire', orderId, now }, meta })
  if (outcome.ok && outcome.value.changed) return true
  // The reservation ended or went on, so this row points at nothing.
  await forgetHold(ports.store, hold)
  return false
}
