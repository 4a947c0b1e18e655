import {
  type CancellationReason,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { engineFault } from '../../engine-fault.ts'
import type { Committed, Conflict } from '../../event-store.ts'
import type { Fault } from '../../fault.ts'
import { err, ok, type Result } from '../../result.ts'
import type { PreparedTransaction } from '../prepared-transaction.ts'
import { throttled } from './call.ts'
import { type NamedWrite, toWrites } from './items.ts'
import type { DynamoParts } from './parts.ts'

/** Two transactions over the same item at the same time cancel each other: worth this many tries. */
const COLLISION_TRIES = 10
/** A hundred items take a hundred times as long, and imports send several such at once. */
const MS_PER_ITEM = 100
const THROTTLED = 'DynamoDB is throttling transactions. Try again later.'

/** One TransactWriteItems, all or nothing. The caller has checked that no append leaves a gap. */
export async function commitToDynamo(
  parts: DynamoParts,
  transaction: PreparedTransaction,
): Promise<Result<Committed, Conflict>> {
  const writes = toWrites(parts.tables, transaction, parts.clock.now())
  for (let attempt = 1; writes.length > 0; attempt++) {
    const verdict = await tryOnce(parts, writes)
    if (verdict.kind === 'done') break
    if (verdict.kind === 'conflict') return err({ code: 'CONFLICT', on: verdict.on })
    if (verdict.kind === 'throttled') await waitForCapacity(parts, verdict.cause, attempt)
    else if (attempt === COLLISION_TRIES) return err({ code: 'CONFLICT', on: verdict.on })
    else await parts.calls.pause(attempt)
  }
  return ok({ versions: transaction.appends.map((append) => append.expectedVersion + append.events.length) })
}

async function waitForCapacity(parts: DynamoParts, cause: unknown, attempt: number): Promise<void> {
  if (attempt === COLLISION_TRIES || !(await parts.calls.mayRepeat(attempt)))
    throw throttled(THROTTLED, cause)
}

type Verdict =
  | { readonly kind: 'done' }
  | { readonly kind: 'conflict'; readonly on: readonly string[] }
  /** Others were at the same items at the same time: nothing is decided. */
  | { readonly kind: 'collision'; readonly on: readonly string[] }
  | { readonly kind: 'throttled'; readonly cause: unknown }

/** The token makes a request whose answer got lost safe to send again for ten minutes. */
async function tryOnce(parts: DynamoParts, writes: readonly NamedWrite[]): Promise<Verdict> {
  const TransactItems = writes.map(({ write }) => write)
  const request = new TransactWriteItemsCommand({ TransactItems, ClientRequestToken: parts.random.uuid() })
  try {
    const moreMs = MS_PER_ITEM * writes.length
    await parts.calls.call((abortSignal) => parts.client.send(request, { abortSignal }), moreMs)
    return { kind: 'done' }
  } catch (reason) {
    if (!(reason instanceof TransactionCanceledException)) throw reason
    return verdictOf(writes, reason)
  }
}

function verdictOf(writes: readonly NamedWrite[], reason: TransactionCanceledException): Verdict {
  const reasons = reason.CancellationReasons ?? []
  const unexpected = namesWith(writes, reasons, 'ConditionalCheckFailed')
  if (unexpected.length > 0) return { kind: 'conflict', on: unexpected }
  const other = reasons.find((one) => one.Code !== undefined && !PASSING.has(one.Code))
  if (other) throw refused(other.Message, reason)
  if (reasons.some(({ Code = 'None' }) => THROTTLING.has(Code))) return { kind: 'throttled', cause: reason }
  return { kind: 'collision', on: namesWith(writes, reasons, 'TransactionConflict') }
}

const THROTTLING: ReadonlySet<string> = new Set(['ProvisionedThroughputExceeded', 'ThrottlingError'])
const PASSING: ReadonlySet<string> = new Set([...THROTTLING, 'None', 'TransactionConflict'])

function refused(said: string | undefined, cause: unknown): Fault {
  const options = { engine: 'dynamodb', kind: 'request_refused', cause } as const
  return engineFault('BAD_REQUEST', `DynamoDB refused the transaction: ${said}`, options)
}

/** Reasons come in the order of the items. */
function namesWith(
  writes: readonly NamedWrite[],
  reasons: readonly CancellationReason[],
  code: string,
): readonly string[] {
  const names = writes.filter((_, i) => reasons[i]?.Code === code).map(({ name }) => name)
  return [...new Set(names)]
}
