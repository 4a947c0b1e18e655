import type { JsonObject } from './json.ts'
import { err, ok, type Result } from './result.ts'
import type { RowKey, RowWrite, TableStore } from './table-store.ts'

/** Who asked for what, under which key. The scope keeps one caller's keys apart from another's. */
export interface IdempotencyKey {
  /** Principal and operation: `customer:CU-1/checkout`. */
  readonly scope: string
  readonly key: string
  /** A digest of the request: the same key with another body is refused. */
  readonly requestHash: string
}

export interface KeyReused {
  readonly code: 'IDEMPOTENCY_KEY_REUSED'
  readonly message: string
}

/** 72 hours: a head that was offline over a weekend day still gets its first answer again. */
const KEPT_MS = 72 * 3_600_000

/** What was answered under this key before, or a refusal when it was used for something else. */
export async function readIdempotent<T>(
  store: TableStore,
  key: IdempotencyKey | undefined,
): Promise<Result<T, KeyReused> | undefined> {
  if (!key) return undefined
  const row = await store.get(rowKey(key))
  if (!row) return undefined
  if (row.value['requestHash'] !== key.requestHash) return err(reused(key.key))
  // Written by idempotencyRow below, from a T.
  return ok(row.value['outcome'] as T)
}

/** The record that goes into the same transaction as the effect: whoever comes second loses the race here. */
export function idempotencyRow(key: IdempotencyKey, outcome: object, now: number): RowWrite {
  const value: JsonObject = { requestHash: key.requestHash, outcome: outcome as JsonObject }
  return { ...rowKey(key), value, expect: 'absent', expiresAt: now + KEPT_MS }
}

function rowKey(key: IdempotencyKey): RowKey {
  return { table: 'idempotency', partition: key.scope, sort: key.key }
}

function reused(key: string): KeyReused {
  return {
    code: 'IDEMPOTENCY_KEY_REUSED',
    message: `The idempotency key "${key}" was used before with a different request. Use a fresh key for a new request.`,
  }
}
