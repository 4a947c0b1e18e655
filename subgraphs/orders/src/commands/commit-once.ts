import type { Transaction } from '@stoa/platform/event-store'
import type { CommandPorts } from '@stoa/platform/handle-command'
import { type IdempotencyKey, idempotencyRow, readIdempotent } from '@stoa/platform/idempotency'
import { err, ok, type Result } from '@stoa/platform/result'
import { winRace } from '@stoa/platform/win-race'
import type { CartRefusal } from '../domain/cart/refusal.ts'
import { keyReused } from './request-key.ts'

/** What somebody would get, and what must be written for it. */
export interface Attempt<Outcome> {
  readonly outcome: Outcome
  readonly transaction: Transaction
}

export type Attempted<Outcome> = Result<Attempt<Outcome>, readonly CartRefusal[]>

export interface Once {
  /** What is changed: whoever else in this process changes it waits for us. */
  readonly what: string
  readonly key: IdempotencyKey | undefined
}

/**
 * Decides and writes, again after a lost race, with the outcome kept under the key in the same transaction.
 * The key is looked up after the decision: a refusal that only came of our own first try gives way to its answer.
 */
export async function commitOnce<Outcome extends object>(
  ports: CommandPorts,
  { what, key }: Once,
  attempt: () => Promise<Attempted<Outcome>>,
): Promise<Result<Outcome, readonly CartRefusal[]>> {
  return await winRace(ports, what, async () => await tryOnce(ports, key, await attempt()))
}

/** Undefined when the race was lost. */
async function tryOnce<Outcome extends object>(
  { store, clock }: CommandPorts,
  key: IdempotencyKey | undefined,
  attempted: Attempted<Outcome>,
): Promise<Result<Outcome, readonly CartRefusal[]> | undefined> {
  const answered = await readIdempotent<Outcome>(store, key)
  if (answered) return answered.ok ? answered : err([keyReused(answered.error.message)])
  if (!attempted.ok) return attempted
  const { outcome, transaction } = attempted.value
  const record = key ? [idempotencyRow(key, outcome, clock.now())] : []
  const committed = await store.commit({ ...transaction, rows: [...(transaction.rows ?? []), ...record] })
  return committed.ok ? ok(outcome) : undefined
}
