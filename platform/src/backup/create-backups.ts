import { CreateBackupCommand } from '@aws-sdk/client-dynamodb'
import { errorName } from '../aws/errors.ts'
import { sleep } from '../clock.ts'
import { Fault } from '../fault.ts'
import { type BackupParts, type BackupPorts, backupParts } from './calls.ts'
import { describeTable } from './describe.ts'
import { type ShopTable, shopTables } from './shop-tables.ts'

export interface CreateBackupsOptions extends BackupPorts {
  readonly prefix: string
  readonly stores: readonly string[]
  /** Of all backups, so that they are found together again: letters, digits, `_`, `.`, `-`; 3 to 255. */
  readonly name: string
}

export interface CreatedBackup {
  readonly table: string
  readonly arn: string
}

/** Between the last of the others and the first of the events. DynamoDB takes a backup at the moment it is asked. */
const APART_MS = 5000
const TRIES = 20

/**
 * Has DynamoDB keep every table as it is now, until the backup is deleted: for longer than the 35 days of point-in-time
 * recovery, and for longer than the tables. The shop may be running. Throws BAD_CONFIG where tables are missing.
 */
export async function createBackups(options: CreateBackupsOptions): Promise<readonly CreatedBackup[]> {
  const parts = backupParts(options)
  const tables = shopTables(options.prefix, options.stores)
  await requireTables(parts, tables)
  const created: CreatedBackup[] = []
  for (const table of tables.filter(({ isEvents }) => !isEvents))
    created.push(await backUpTable(parts, table.name, options.name))
  await sleep(parts.clock, APART_MS)
  for (const table of tables.filter(({ isEvents }) => isEvents))
    created.push(await backUpTable(parts, table.name, options.name))
  return created
}

async function requireTables(parts: BackupParts, tables: readonly ShopTable[]): Promise<void> {
  const found = await Promise.all(tables.map(({ name }) => describeTable(parts, name)))
  const missing = tables.filter((_, i) => !found[i]).map(({ name }) => name)
  if (missing.length === 0) return
  const message = `Expected all tables of the shop, missing: ${missing.join(', ')}. Check STOA_PREFIX and AWS_REGION.`
  throw new Fault('BAD_CONFIG', message)
}

async function backUpTable(parts: BackupParts, table: string, name: string): Promise<CreatedBackup> {
  const request = new CreateBackupCommand({ TableName: table, BackupName: name })
  for (let attempt = 1; ; attempt++) {
    try {
      const { BackupDetails } = await parts.calls.call((abortSignal) =>
        parts.client.send(request, { abortSignal }),
      )
      return { table, arn: BackupDetails?.BackupArn ?? '' }
    } catch (reason) {
      if (!PASSING.has(errorName(reason)) || attempt === TRIES) throw reason
      await parts.calls.pause(attempt)
    }
  }
}

/** Of a table that is being changed, and while too many backups are made at once. */
const PASSING: ReadonlySet<string> = new Set([
  'BackupInUseException',
  'LimitExceededException',
  'ResourceInUseException',
  'TableInUseException',
])
