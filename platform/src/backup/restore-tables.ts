import {
  type BackupSummary,
  ListBackupsCommand,
  RestoreTableFromBackupCommand,
  RestoreTableToPointInTimeCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb'
import { errorName } from '../aws/errors.ts'
import { Fault } from '../fault.ts'
import { type BackupParts, type BackupPorts, backupParts } from './calls.ts'
import {
  describeTable,
  isFinished,
  type Patience,
  type RestoreWindow,
  restoreWindow,
  untilActive,
} from './describe.ts'
import { applySettings, readSettings, type TableSettings, usualSettings } from './settings.ts'
import { renamed, type ShopTable, shopTables } from './shop-tables.ts'

export interface RestoreOptions extends BackupPorts {
  /** Of the tables that are or were the shop's. */
  readonly from: string
  /** Of the restored tables; no table of the shop may be called so yet, but those of a restore that was cut short. */
  readonly to: string
  readonly stores: readonly string[]
  /** Epoch milliseconds, cut to seconds; or the name that the backups were given. */
  readonly source: { readonly at: number } | { readonly backup: string }
  /** How long all may take. */
  readonly withinMs: number
  /** Default 10,000. */
  readonly lookEveryMs?: number
  readonly onProgress?: (ready: number, of: number) => void
}

export interface RestoredTables {
  /** The earliest moment any of the tables is of, epoch milliseconds. */
  readonly earliest: number
  readonly tables: readonly string[]
}

/** Rows and the bus are of this much earlier a moment than events. More than the clocks within DynamoDB differ. */
const APART_MS = 5000
const TRIES = 200

/**
 * Restores every table of a shop under another prefix and gives it the settings it had: stream, time to live, tags,
 * deletion protection, point-in-time recovery. The shop may be running, on the tables that are restored from.
 * Reconcile them before a shop opens them. Throws BAD_CONFIG with all that stands against it, before it begins;
 * DEADLINE_EXCEEDED when it takes too long: asked the same again it goes on, until the tables are reconciled.
 */
export async function restoreTables(options: RestoreOptions): Promise<RestoredTables> {
  const { from, to, clock, withinMs, lookEveryMs = 10_000, onProgress } = options
  const parts = backupParts(options)
  const plans = await plan(parts, options)
  const names = plans.map(({ table }) => renamed(table.name, from, to))
  for (const [i, one] of plans.entries()) if (!one.isBegun) await begin(parts, one, names[i] ?? '')
  const patience: Patience = {
    until: clock.now() + withinMs,
    lookEveryMs,
    onLook: (ready) => onProgress?.(ready, names.length),
  }
  await untilActive(parts, names, patience)
  const quiet = { until: patience.until, lookEveryMs: Math.min(1000, lookEveryMs) }
  for (const [i, { settings }] of plans.entries())
    await applySettings(parts, names[i] ?? '', { settings, patience: quiet })
  return { earliest: Math.min(...plans.map(({ at }) => at)), tables: names }
}

interface Plan {
  readonly table: ShopTable
  readonly settings: TableSettings
  /** Epoch milliseconds. */
  readonly at: number
  readonly backupArn: string | undefined
  readonly isBegun: boolean
}

async function plan(parts: BackupParts, options: RestoreOptions): Promise<readonly Plan[]> {
  const planned: Plan[] = []
  const problems: string[] = []
  for (const table of shopTables(options.from, options.stores)) {
    const one = await planTable(parts, options, table)
    if (typeof one === 'string') problems.push(one)
    else planned.push(one)
  }
  if (problems.length === 0) return planned
  throw new Fault('BAD_CONFIG', `Nothing was restored.\n${problems.join('\n')}`)
}

/** A text says why not. */
async function planTable(
  parts: BackupParts,
  options: RestoreOptions,
  table: ShopTable,
): Promise<Plan | string> {
  const { source, from, to } = options
  const target = renamed(table.name, from, to)
  const [original, there] = await Promise.all([
    describeTable(parts, table.name),
    describeTable(parts, target),
  ])
  const settings = original ? await readSettings(parts, original) : usualSettings(table)
  const found =
    'at' in source
      ? await moment(parts, table, source.at)
      : await backupNamed(parts, table.name, source.backup)
  if (typeof found === 'string') return found
  const isBegun = there !== undefined && isSame(there, table.name, found)
  if (there && !isBegun)
    return `${target}: there is such a table already, and it is not this one restored. Choose another --prefix.`
  if (isBegun && (await isFinished(parts, there)))
    return `${target}: is restored and reconciled, and a shop may run on it. Start that, or choose another --prefix.`
  return { table, settings, isBegun, ...found }
}

interface Found {
  readonly at: number
  readonly backupArn: string | undefined
}

async function moment(
  parts: BackupParts,
  { name, isEvents }: ShopTable,
  wanted: number,
): Promise<Found | string> {
  const at = Math.floor(wanted / 1000) * 1000 - (isEvents ? 0 : APART_MS)
  const window = await restoreWindow(parts, name)
  if (window === 'missing') return `${name}: there is no such table. Check STOA_PREFIX and AWS_REGION.`
  if (window === 'off')
    return `${name}: point-in-time recovery is off. Restore a backup by --backup NAME; switch it on for the next time.`
  if (at >= window.from && at <= window.until) return { at, backupArn: undefined }
  return `${name}: can be restored to ${shown(window)}, not to ${iso(at)}.`
}

function shown({ from, until }: RestoreWindow): string {
  return `moments from ${iso(from)} to ${iso(until)}`
}

async function backupNamed(parts: BackupParts, TableName: string, name: string): Promise<Found | string> {
  let from: { ExclusiveStartBackupArn?: string } = {}
  do {
    const request = new ListBackupsCommand({ TableName, ...from })
    const page = await parts.calls.call((abortSignal) => parts.client.send(request, { abortSignal }))
    const found = (page.BackupSummaries ?? []).find((one) => one.BackupName === name)
    if (found) return toFound(TableName, found)
    const next = page.LastEvaluatedBackupArn
    from = next === undefined ? {} : { ExclusiveStartBackupArn: next }
  } while (from.ExclusiveStartBackupArn !== undefined)
  return `${TableName}: has no backup called "${name}".`
}

function toFound(table: string, backup: BackupSummary): Found | string {
  const { BackupArn, BackupStatus, BackupCreationDateTime } = backup
  if (!BackupArn || BackupStatus !== 'AVAILABLE')
    return `${table}: the backup "${backup.BackupName}" is ${BackupStatus}, not AVAILABLE. Wait for it.`
  return { at: BackupCreationDateTime?.getTime() ?? 0, backupArn: BackupArn }
}

/** Whether a table is what we want to have: the same, restored before. */
function isSame({ RestoreSummary }: TableDescription, source: string, { at, backupArn }: Found): boolean {
  if (!RestoreSummary?.SourceTableArn?.endsWith(`/${source}`)) return false
  if (backupArn !== undefined) return RestoreSummary.SourceBackupArn === backupArn
  return Math.floor((RestoreSummary.RestoreDateTime?.getTime() ?? 0) / 1000) * 1000 === at
}

async function begin(
  parts: BackupParts,
  { table, at, backupArn }: Plan,
  TargetTableName: string,
): Promise<void> {
  const { client, calls } = parts
  const toMoment = { SourceTableName: table.name, RestoreDateTime: new Date(at) }
  for (let attempt = 1; ; attempt++) {
    try {
      await calls.call(async (abortSignal) => {
        if (backupArn === undefined)
          await client.send(new RestoreTableToPointInTimeCommand({ ...toMoment, TargetTableName }), {
            abortSignal,
          })
        else
          await client.send(new RestoreTableFromBackupCommand({ BackupArn: backupArn, TargetTableName }), {
            abortSignal,
          })
      })
      return
    } catch (reason) {
      // The answer to the first try got lost.
      if (errorName(reason) === 'TableAlreadyExistsException') return
      // An account may restore 50 tables at once.
      if (errorName(reason) !== 'LimitExceededException' || attempt === TRIES) throw reason
      await calls.pause(attempt)
    }
  }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
