import {
  DescribeTimeToLiveCommand,
  ListTagsOfResourceCommand,
  type TableDescription,
  type Tag,
  TagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  type UpdateTableCommandInput,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb'
import { errorName } from '../aws/errors.ts'
import type { BackupParts } from './calls.ts'
import { describeTable, type Patience, untilActive } from './describe.ts'
import type { ShopTable } from './shop-tables.ts'

/** What a table has beside its data, and a restored one has not. */
export interface TableSettings {
  /** Attribute of the time to live; absent: none. */
  readonly expires?: string
  readonly hasStream: boolean
  readonly isProtected: boolean
  readonly tags: readonly Tag[]
}

export async function readSettings(parts: BackupParts, table: TableDescription): Promise<TableSettings> {
  const { client, calls } = parts
  const ttl = new DescribeTimeToLiveCommand({ TableName: table.TableName })
  const { TimeToLiveDescription } = await calls.call((abortSignal) => client.send(ttl, { abortSignal }))
  const isOn = TimeToLiveDescription?.TimeToLiveStatus?.startsWith('ENABL') ?? false
  const expires = isOn ? TimeToLiveDescription?.AttributeName : undefined
  return {
    ...(expires === undefined ? {} : { expires }),
    hasStream: table.StreamSpecification?.StreamEnabled ?? false,
    isProtected: table.DeletionProtectionEnabled ?? false,
    tags: await readTags(parts, table.TableArn),
  }
}

/** Gives a restored table what it lacks, and point-in-time recovery. May be done again. */
export async function applySettings(
  parts: BackupParts,
  TableName: string,
  { settings, patience }: { readonly settings: TableSettings; readonly patience: Patience },
): Promise<void> {
  const { client, calls } = parts
  const table = await describeTable(parts, TableName)
  const update = async (change: Partial<UpdateTableCommandInput>): Promise<void> => {
    const request = new UpdateTableCommand({ TableName, ...change })
    await calls.call((abortSignal) => client.send(request, { abortSignal }))
    await untilActive(parts, [TableName], patience)
  }
  const missing = table ? await lacking(parts, table, settings) : settings
  if (missing.expires !== undefined) {
    const TimeToLiveSpecification = { AttributeName: missing.expires, Enabled: true }
    const request = new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification })
    await calls.call((abortSignal) => client.send(request, { abortSignal }))
  }
  if (missing.hasStream)
    await update({ StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' } })
  if (missing.isProtected) await update({ DeletionProtectionEnabled: true })
  if (missing.tags.length > 0 && table?.TableArn) {
    const request = new TagResourceCommand({ ResourceArn: table.TableArn, Tags: [...missing.tags] })
    await calls.call((abortSignal) => client.send(request, { abortSignal }))
  }
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true }
  const request = new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification })
  await patiently(parts, patience, () => calls.call((abortSignal) => client.send(request, { abortSignal })))
}

async function lacking(
  parts: BackupParts,
  table: TableDescription,
  wanted: TableSettings,
): Promise<TableSettings> {
  const { expires, hasStream, isProtected } = await readSettings(parts, table)
  const ttl = wanted.expires !== undefined && expires === undefined ? { expires: wanted.expires } : {}
  return {
    ...ttl,
    hasStream: wanted.hasStream && !hasStream,
    isProtected: wanted.isProtected && !isProtected,
    tags: wanted.tags,
  }
}

/** Backups of a table that was just made are switched on a little later. */
async function patiently(
  parts: BackupParts,
  { until }: Patience,
  send: () => Promise<unknown>,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await send()
      return
    } catch (reason) {
      const mayPass = errorName(reason) === 'ContinuousBackupsUnavailableException'
      if (!mayPass || parts.clock.now() > until) throw reason
      await parts.calls.pause(attempt)
    }
  }
}

async function readTags(
  { client, calls }: BackupParts,
  ResourceArn: string | undefined,
): Promise<readonly Tag[]> {
  const tags: Tag[] = []
  let from: { NextToken?: string } = {}
  do {
    const request = new ListTagsOfResourceCommand({ ResourceArn, ...from })
    const page = await calls.call((abortSignal) => client.send(request, { abortSignal }))
    tags.push(...(page.Tags ?? []).filter(({ Key }) => !Key?.startsWith('aws:')))
    from = page.NextToken === undefined ? {} : { NextToken: page.NextToken }
  } while (from.NextToken !== undefined)
  return tags
}

/** Of a table that is gone, so that nobody can tell us. */
export function usualSettings({ name, isEvents }: ShopTable): TableSettings {
  const expires = /-(rows|checkpoints)$/.test(name) ? { expires: 'expires' } : {}
  return { ...expires, hasStream: isEvents, isProtected: true, tags: [] }
}
