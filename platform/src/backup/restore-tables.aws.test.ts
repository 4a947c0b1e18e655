import {
  CreateTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  TagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { LocalServer } from '@stoa/servers/local-server'
import { startMoto, whyNoMoto } from '@stoa/servers/moto'
import { systemClock } from '../clock.ts'
import { openDynamoStore } from '../event-store.dynamodb.ts'
import { systemRandom } from '../random.ts'
import { createBackups } from './create-backups.ts'
import { type RestoreOptions, restoreTables } from './restore-tables.ts'

const reason = whyNoMoto()
const describeHere = reason ? describe.skip : describe
const tools = { clock: systemClock, random: systemRandom }
const DAY_MS = 86_400_000

describeHere(reason ? `Restoring is not tried: ${reason}` : 'restoring the tables of a shop', () => {
  const opened = new AsyncDisposableStack()
  let moto: LocalServer
  let client: DynamoDBClient
  let prefixes = 0

  beforeAll(async () => {
    moto = opened.use(await startMoto())
    client = open()
  }, 60_000)
  afterAll(() => opened.disposeAsync())

  function open(): DynamoDBClient {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
    const made = new DynamoDBClient({
      endpoint: moto.endpoint,
      region: 'eu-west-1',
      credentials,
      maxAttempts: 1,
    })
    opened.defer(() => made.destroy())
    return made
  }

  /** moto says that a table can be restored to the one moment at which that was switched on. */
  function withWindow(from: number, until: number): DynamoDBClient {
    const made = open()
    made.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args)
        // What the SDK read from JSON.
        const { output } = answer as unknown as {
          output: Record<string, Record<string, Record<string, unknown>>>
        }
        const recovery = output['ContinuousBackupsDescription']?.['PointInTimeRecoveryDescription']
        if (recovery?.['EarliestRestorableDateTime'])
          Object.assign(recovery, {
            EarliestRestorableDateTime: new Date(from),
            LatestRestorableDateTime: new Date(until),
          })
        return answer
      },
      { step: 'initialize' },
    )
    return made
  }

  /** A shop of one store, deployed with all that `deploy` gives its tables. */
  async function deployed(): Promise<string> {
    prefixes += 1
    const prefix = `s${prefixes}-`
    const store = openDynamoStore({ client, ...tools, tablePrefix: `${prefix}orders-` })
    await store.createTables()
    await createBusTable(`${prefix}bus-log`, 'N')
    await createBusTable(`${prefix}bus-books`, 'S')
    for (const name of ['bus-log', 'bus-books', 'orders-events', 'orders-rows', 'orders-checkpoints']) {
      const TableName = prefix + name
      const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true }
      await client.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }))
      await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: true }))
      const { Table } = await client.send(new DescribeTableCommand({ TableName }))
      const Tags = [{ Key: 'shop', Value: 'ada' }]
      await client.send(new TagResourceCommand({ ResourceArn: Table?.TableArn, Tags }))
    }
    const Item = { home: { S: 'orders#O-1' }, sort: { S: '.order' }, v: { N: '1' }, value: { S: '{}' } }
    await client.send(new PutItemCommand({ TableName: `${prefix}orders-rows`, Item }))
    return prefix
  }

  async function createBusTable(TableName: string, AttributeType: 'N' | 'S'): Promise<void> {
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'home', AttributeType: 'S' },
          { AttributeName: 'sort', AttributeType },
        ],
        KeySchema: [
          { AttributeName: 'home', KeyType: 'HASH' },
          { AttributeName: 'sort', KeyType: 'RANGE' },
        ],
      }),
    )
  }

  function options(from: string, more: Partial<RestoreOptions>): RestoreOptions {
    const source = { at: Date.now() - 60_000 }
    const usual = { client: withWindow(Date.now() - DAY_MS, Date.now()), ...tools, stores: ['orders'] }
    return { ...usual, from, to: `again-${from}`, source, withinMs: 30_000, lookEveryMs: 50, ...more }
  }

  async function settingsOf(TableName: string) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }))
    const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }))
    const { ContinuousBackupsDescription: backups } = await client.send(
      new DescribeContinuousBackupsCommand({ TableName }),
    )
    const { Tags } = await client.send(new ListTagsOfResourceCommand({ ResourceArn: Table?.TableArn }))
    return {
      stream: Table?.StreamSpecification?.StreamViewType,
      isProtected: Table?.DeletionProtectionEnabled,
      expires: TimeToLiveDescription?.AttributeName,
      recovery: backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus,
      tags: Tags,
    }
  }

  const kept = { isProtected: true, recovery: 'ENABLED', tags: [{ Key: 'shop', Value: 'ada' }] }

  it('gives every table the settings it had: stream, time to live, tags, protection, recovery', async () => {
    const from = await deployed()
    const steps: string[] = []
    const onProgress = (ready: number, of: number) => void steps.push(`${ready}/${of}`)
    const { tables } = await restoreTables(options(from, { onProgress }))
    expect(tables).toHaveLength(5)
    expect(steps.at(-1)).toBe('5/5')
    expect(await settingsOf(`again-${from}orders-events`)).toEqual({ ...kept, stream: 'NEW_IMAGE' })
    expect(await settingsOf(`again-${from}orders-rows`)).toEqual({ ...kept, expires: 'expires' })
    expect(await settingsOf(`again-${from}orders-checkpoints`)).toEqual({ ...kept, expires: 'expires' })
    expect(await settingsOf(`again-${from}bus-log`)).toEqual(kept)
    const Key = { home: { S: 'orders#O-1' }, sort: { S: '.order' } }
    const { Item } = await client.send(new GetItemCommand({ TableName: `again-${from}orders-rows`, Key }))
    expect(Item?.['value']).toEqual({ S: '{}' })
  })

  it('restores rows and the bus to five seconds before the events, so that no row is without its events', async () => {
    const from = await deployed()
    const asked = new Map<string, number>()
    const watched = withWindow(0, Date.now())
    watched.middlewareStack.add(
      (next) => async (args) => {
        const input = args.input as { TargetTableName?: string; RestoreDateTime?: Date }
        if (input.RestoreDateTime) asked.set(input.TargetTableName ?? '', input.RestoreDateTime.getTime())
        return await next(args)
      },
      { step: 'initialize' },
    )
    const at = Date.UTC(2026, 10, 21, 10)
    const { earliest } = await restoreTables(options(from, { client: watched, source: { at: at + 999 } }))
    expect(earliest).toBe(at - 5000)
    expect(asked.get(`again-${from}orders-events`)).toBe(at)
    expect(asked.get(`again-${from}orders-rows`)).toBe(at - 5000)
    expect(asked.get(`again-${from}bus-books`)).toBe(at - 5000)
  })

  it('restores what was backed up under a name', async () => {
    const from = await deployed()
    const backups = await createBackups({
      client,
      ...tools,
      prefix: from,
      stores: ['orders'],
      name: 'before-sale',
    })
    expect(backups.map(({ table }) => table).at(-1)).toBe(`${from}orders-events`)
    await restoreTables(options(from, { source: { backup: 'before-sale' } }))
    expect(await settingsOf(`again-${from}orders-events`)).toEqual({ ...kept, stream: 'NEW_IMAGE' })
    const gone = restoreTables(options(from, { to: 'else-', source: { backup: 'never-made' } }))
    await expect(gone).rejects.toMatchObject({
      message: expect.stringContaining('no backup called "never-made"'),
    })
  }, 30_000)

  it('says all at once why not, and makes nothing: recovery off, a moment too early, tables there or missing', async () => {
    const from = await deployed()
    const TableName = `${from}orders-rows`
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: false }
    await client.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }))
    const window = withWindow(Date.UTC(2026, 10, 1), Date.UTC(2026, 10, 21))
    const at = Date.UTC(2026, 9, 1)
    const early = restoreTables(options(from, { client: window, source: { at } }))
    await expect(early).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringMatching(
        /bus-log: can be restored to moments from 2026-11-01T00:00:00.000Z to 2026-11-21T00:00:00.000Z, not to 2026-09-30T23:59:55.000Z[\s\S]*orders-rows: point-in-time recovery is off/,
      ),
    })
    const missing = restoreTables(options('nobody-', {}))
    await expect(missing).rejects.toMatchObject({
      message: expect.stringContaining('nobody-orders-events: there is no'),
    })
    const taken = restoreTables(options(from, { to: from }))
    await expect(taken).rejects.toMatchObject({ message: expect.stringContaining('Choose another --prefix') })
    const untouched = client.send(new DescribeTableCommand({ TableName: `again-${from}bus-log` }))
    await expect(untouched).rejects.toThrow()
  })

  it('says that a role may not', async () => {
    const refusing = open()
    refusing.middlewareStack.add(
      () => async () => {
        throw Object.assign(new Error('not authorized'), { name: 'AccessDeniedException', $fault: 'client' })
      },
      { step: 'initialize' },
    )
    await expect(restoreTables(options('s1-', { client: refusing }))).rejects.toMatchObject({
      code: 'BAD_CONFIG',
    })
  })
})
