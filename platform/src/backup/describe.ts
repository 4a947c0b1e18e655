import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb'
import { errorName } from '../aws/errors.ts'
import { sleep } from '../clock.ts'
import { engineFault } from '../engine-fault.ts'
import { isReconciled } from '../store/dynamo/reconciled.ts'
import type { BackupParts } from './calls.ts'

/** Undefined where there is no such table. */
export async function describeTable(
  { client, calls }: BackupParts,
  TableName: string,
): Promise<TableDescription | undefined> {
  const request = new DescribeTableCommand({ TableName })
  return await orMissing(async () => {
    const { Table } = await calls.call((abortSignal) => client.send(request, { abortSignal }))
    return Table
  })
}

/** Whether the table says that the restored shop it belongs to was reconciled: those of checkpoints do. */
export async function isFinished(parts: BackupParts, table: TableDescription): Promise<boolean> {
  const isReady = table.TableStatus === 'ACTIVE' && table.TableName?.endsWith('-checkpoints')
  return isReady === true && (await isReconciled(parts, table))
}

/** Between which moments a table can be restored, epoch milliseconds; 'off' without point-in-time recovery. */
export interface RestoreWindow {
  readonly from: number
  readonly until: number
}

export async function restoreWindow(
  { client, calls }: BackupParts,
  TableName: string,
): Promise<RestoreWindow | 'off' | 'missing'> {
  const request = new DescribeContinuousBackupsCommand({ TableName })
  const answer = await orMissing(() => calls.call((abortSignal) => client.send(request, { abortSignal })))
  if (!answer) return 'missing'
  const recovery = answer.ContinuousBackupsDescription?.PointInTimeRecoveryDescription
  const { EarliestRestorableDateTime: from, LatestRestorableDateTime: until } = recovery ?? {}
  if (recovery?.PointInTimeRecoveryStatus !== 'ENABLED' || !from || !until) return 'off'
  return { from: from.getTime(), until: until.getTime() }
}

export interface Patience {
  /** Epoch milliseconds. */
  readonly until: number
  readonly lookEveryMs: number
  readonly onLook?: (ready: number) => void
}

/** Resolves when all of them can be used. Throws DEADLINE_EXCEEDED: what was begun goes on at AWS. */
export async function untilActive(
  parts: BackupParts,
  names: readonly string[],
  { until, lookEveryMs, onLook }: Patience,
): Promise<void> {
  let waiting = names
  for (;;) {
    const tables = await Promise.all(waiting.map((name) => describeTable(parts, name)))
    waiting = waiting.filter((_, i) => tables[i]?.TableStatus !== 'ACTIVE')
    onLook?.(names.length - waiting.length)
    if (waiting.length === 0) return
    if (parts.clock.now() + lookEveryMs > until) break
    await sleep(parts.clock, lookEveryMs)
  }
  const message = `Still not ready: ${waiting.join(', ')}. DynamoDB goes on; run the same again to go on from there.`
  throw engineFault('DEADLINE_EXCEEDED', message, { engine: 'dynamodb', kind: 'table_not_ready' })
}

async function orMissing<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (reason) {
    if (MISSING.has(errorName(reason))) return undefined
    throw reason
  }
}

const MISSING: ReadonlySet<string> = new Set(['ResourceNotFoundException', 'TableNotFoundException'])
