import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { openBucket } from '@stoa/lake/bucket'
import { compactArchive } from '@stoa/lake/compact'
import { listAll, type ObjectStore } from '@stoa/lake/object-store'
import { readArchive } from '@stoa/lake/read-archive'
import { duck } from '@stoa/lake/test/duck'
import type { Envelope } from '@stoa/platform/event'
import { freePort } from '@stoa/servers/local-server'
import { embeddedEngines } from '../engines.ts'
import type { Shop } from '../shop.ts'
import { openEngines } from '../stacks/stack.ts'
import {
  type AwsPlace,
  openSmallShop,
  type Program,
  placeOrder,
  startAwsPlace,
  startProgram,
  timeline,
  tools,
  until,
  whyNoAws,
} from './aws-shop.fixture.ts'

const whyNot = whyNoAws()
const describeHere = whyNot === undefined ? describe : describe.skip

describeHere(whyNot ? `The lake is not tried on AWS: ${whyNot}` : 'the lake as a service on AWS', () => {
  const opened = new AsyncDisposableStack()
  let aws: AwsPlace
  let shop: Shop
  let objects: ObjectStore

  beforeAll(async () => {
    aws = opened.use(await startAwsPlace())
    await fetch(`${aws.moto}/lake`, { method: 'PUT' })
    const engines = opened.use(await openEngines('aws', { ...tools, env: aws.env }))
    // What is stored is of no concern here; what is told goes by EventBridge.
    const stores = opened.use(embeddedEngines(tools))
    shop = opened.use(await openSmallShop({ ...engines, store: stores.store }))
    const place = { bucket: 'lake', prefix: 'shop/', region: 'eu-west-1', endpoint: aws.moto }
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
    objects = opened.use(await openBucket({ ...tools, ...place, credentials }))
  }, 120_000)
  afterAll(() => opened.disposeAsync())

  it('keeps every fact of an order, each once, when it is restarted in the middle', async () => {
    {
      await using lake = await startLake(aws)
      shop.simulators?.wms.behave({ mode: 'dead' })
      await placeOrder(shop, 'first')
      await untilKept(shop, objects)
      expect((await kept(objects)).some(isPlaced)).toBe(true)
      expect(await lake.end('SIGTERM')).toBe(0)
    }
    shop.simulators?.wms.behave({ mode: 'normal' })
    await using lake = await startLake(aws)
    await until('the order is sent', async () => (await kept(objects)).some(isSent))
    const ids = await untilKept(shop, objects)
    expect(await lake.end('SIGTERM')).toBe(0)
    expect(await countedByDuck(objects)).toEqual([
      { n: ids, ids },
      { n: ids, ids },
    ])
  }, 180_000)

  it('loses none when it is killed, and compaction leaves each once', async () => {
    {
      await using lake = await startLake(aws)
      const order = await placeOrder(shop, 'second')
      await until('a fact of it', async () => (await timeline(shop, order)).length > 2)
      await lake.end('SIGKILL')
    }
    await using lake = await startLake(aws)
    const ids = await untilKept(shop, objects)
    await lake.end('SIGTERM')
    await compactArchive({ objects, before: '2999-01-01' })
    expect(await countedByDuck(objects)).toEqual([
      { n: ids, ids },
      { n: ids, ids },
    ])
  }, 180_000)

  it.each([
    [{ LAKE_BUCKET: 'nowhere' }, /BAD_CONFIG.*There is no such bucket/],
    [
      { LAKE_BUCKET: 'lake', AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' },
      /STORE_UNAVAILABLE.*S3 cannot be reached/,
    ],
  ])('does not come up with %j, and says why', async (more, problem) => {
    const env = { ...aws.env, STOA_PORT: '0', ...more }
    const lake = startProgram(['service-main.ts', 'lake'], env, 'pipe')
    const said: string[] = []
    lake.child.stderr?.on('data', (chunk) => said.push(String(chunk)))
    expect(await lake.ended).toBe(1)
    expect(said.join('')).toMatch(problem)
  })
})

async function startLake(aws: AwsPlace): Promise<Program> {
  const port = String(await freePort())
  const env = { ...aws.env, STOA_PORT: port, LAKE_BUCKET: 'lake', LAKE_PREFIX: 'shop' }
  const lake = startProgram(['service-main.ts', 'lake'], env)
  await until('the lake is ready', async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok)
  return lake
}

/** Until all that was told by now is in the bucket; how much that is. */
async function untilKept(shop: Shop, objects: ObjectStore): Promise<number> {
  let told: readonly Envelope[] = []
  await until('all facts in the bucket', async () => {
    told = await everything(shop)
    const ids = new Set((await kept(objects)).map(({ id }) => id))
    return told.every(({ id }) => ids.has(id))
  })
  return told.length
}

const isSent = ({ type }: Envelope): boolean => type === 'OrderPosted'
const isPlaced = ({ type, meta }: Envelope): boolean => type === 'OrderCreated' && !meta.imported

async function kept(objects: ObjectStore): Promise<Envelope[]> {
  const events: Envelope[] = []
  for await (const event of readArchive({ objects })) events.push(event)
  return events
}

async function everything({ bus }: Shop): Promise<readonly Envelope[]> {
  const { events, next } = await bus.archive({ limit: 1000 })
  if (next !== undefined) throw new Error('Expected fewer than a thousand facts.')
  return events
}

/** Of both formats: lines and different ids. */
async function countedByDuck(objects: ObjectStore) {
  await using copy = await copyOf(objects)
  const counted = 'SELECT count(*)::INT AS n, count(DISTINCT id)::INT AS ids'
  const lines = `read_json('${copy.folder}/*.jsonl.gz', format = 'newline_delimited')`
  const parquet = `read_parquet('${copy.folder}/*.parquet')`
  return [...(await duck(`${counted} FROM ${lines}`)), ...(await duck(`${counted} FROM ${parquet}`))]
}

/** DuckDB reads s3:// only with an extension that it would have to fetch. */
async function copyOf(objects: ObjectStore): Promise<AsyncDisposable & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'stoa-lake-'))
  for await (const key of listAll(objects, 'events/'))
    await writeFile(join(folder, key.replaceAll(/[/=]/g, '-')), (await objects.get(key)) ?? '')
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}
