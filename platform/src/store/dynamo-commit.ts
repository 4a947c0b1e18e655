import {
  type CancellationReason,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import type { Committed, Conflict } from '../event-store.ts'
import { Fault } from '../fault.ts'
import { err, ok, type Result } from '../result.ts'
import { dynamoPause } from './dynamo-call.ts'
import { type NamedWrite, toWrites } from './dynamo-items.ts'
import type { DynamoParts } from './dynamo-parts.ts'
import type { PreparedTransaction } from './prepared-transaction.ts'

/** Two transactions over the same item at the same time cancel each other: worth this many tries. */
const COLLISION_TRIES = 10

/** One TransactWriteItems, all or nothing. The caller has checked that no append leaves a gap. */
export async function commitToDynamo(
  parts: DynamoParts,
  transaction: PreparedTransaction,
): Promise<Result<Committed, Conflict>> {
  const writes = toWrites(parts.tables, transaction)
  for (let attempt = 1; writes.length > 0; attempt++) {
    const verdict = await tryOnce(parts, writes)
    if (verdict.kind === 'done') break
    const isLast = attempt === COLLISION_TRIES
    if (verdict.kind === 'conflict' || (isLast && verdict.on.length > 0)) {
      return err({ code: 'CONFLICT', on: verdict.on })
    }
    if (isLast) throw new Fault('STORE_UNAVAILABLE', 'DynamoDB is throttling transactions. Try again later.')
    await dynamoPause(parts, attempt)
  }
  return ok({ versions: transaction.appends.map((append) => append.expectedVersion + append.events.length) })
}

type Verdict =
  | { readonly kind: 'done' }
  | { readonly kind: 'conflict'; readonly on: readonly string[] }
  /** Others were at the same items, or we were throttled: nothing is decided. */
  | { readonly kind: 'collision'; readonly on: readonly string[] }

/** The token makes a request whose answer got lost safe to send again for ten minutes. */
async function tryOnce(parts: DynamoParts, writes: readonly NamedWrite[]): Promise<Verdict> {
  const TransactItems = writes.map(({ write }) => write)
  const request = new TransactWriteItemsCommand({ TransactItems, ClientRequestToken: parts.random.uuid() })
  try {
    await parts.call((abortSignal) => parts.client.send(request, { abortSignal }))
    return { kind: 'done' }
  } catch (reason) {
    if (!(reason instanceof TransactionCanceledException)) throw reason
    return verdictOf(writes, reason)
  }
}

function verdictOf(writes: readonly NamedWrite[], reason: TransactionCanceledException): Verdict {
  const reasons = reason.CancellationReasons ?? []
  const refused = namesWith(writes, reasons, 'ConditionalCheckFailed')
  if (refused.length > 0) return { kind: 'conflict', on: refused }
  const other = reasons.find((one) => one.Code !== undefined && !PASSING.has(one.Code))
  if (other)
    throw new Fault('BAD_REQUEST', `DynamoDB refused the transaction: ${other.Message}`, { cause: reason })
  return { kind: 'collision', on: namesWith(writes, reasons, 'TransactionConflict') }
}

const PASSING: ReadonlySet<string> = new Set([
  'None',
  'ProvisionedThroughputExceeded',
  'ThrottlingError',
  'TransactionConflict',
])

/** Reasons come in the order of the items. */
function namesWith(
  writes: readonly NamedWrite[],
  reasons: readonly CancellationReason[],
  code: string,
): readonly string[] {
  const names = writes.filter((_, i) => reasons[i]?.Code === code).map(({ name }) => name)
  return [...new Set(names)]
}
