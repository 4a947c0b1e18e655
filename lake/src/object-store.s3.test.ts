import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import type { Envelope } from '@stoa/platform/event'
import { openMemoryBus } from '@stoa/platform/event-bus.memory'
import { openSqliteBus } from '@stoa/platform/event-bus.sqlite'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import type { LocalServer } from '@stoa/servers/local-server'
import { startMoto, whyNoMoto } from '@stoa/servers/moto'
import { duck } from '../test/duck.ts'
import { facts } from '../test/facts.ts'
import { type S3Proxy, startS3Proxy } from '../test/s3-proxy.ts'
import { startArchive } from './archive.ts'
import { compactArchive } from './compact.ts'
import { objectStoreContract } from './object-store.contract.ts'
import { openS3Objects } from './object-store.s3.ts'
import { listAll, type ObjectStore } from './object-store.ts'
import { readArchive } from './read-archive.ts'

const ports = { clock: systemClock, random: systemRandom }
const reason = whyNoMoto()
const describeHere = reason ? describe.skip : describe
const worker = fileURLToPath(new URL('../test/archive-worker-main.ts', import.meta.url))

describeHere(reason ? `S3 is not tried: ${reason}` : 'on S3', () => {
  let server: LocalServer
  let client: S3Client
  let prefixes = 0

  beforeAll(async () => {
    server = await startMoto()
    client = connect(server.endpoint)
    await client.send(new CreateBucketCommand({ Bucket: 'lake' }))
  })

  afterAll(async () => {
    client.destroy()
    await server[Symbol.asyncDispose]()
  })

  function fresh(): ObjectStore {
    prefixes += 1
    return openS3Objects({ ...ports, client, bucket: 'lake', prefix: `p${prefixes}/` })
  }

  objectStoreContract('a bucket', async () => ({ objects: fresh(), [Symbol.asyncDispose]: async () => {} }))

  it('keeps every event, compacts them, and gives them back; DuckDB reads the same', async () => {
    const objects = fresh()
    await using bus = openMemoryBus({ ...ports, log: silentLog })
    await bus.publish(facts(200))
    await using _archive = await startArchive({ bus, objects, clock: systemClock, limits: { maxAgeMs: 50 } })
    await bus.idle()
    expect(await idsOf(objects)).toEqual(sortedIds(facts(200)))
    await compactArchive({ objects, before: '2027-01-01' })
    expect(await idsOf(objects)).toEqual(sortedIds(facts(200)))
    await using copy = await copyOf(objects, 'events/format=parquet/')
    const sql = `SELECT count(*)::INT AS n, count(DISTINCT id)::INT AS ids FROM read_parquet('${copy.folder}/*.parquet')`
    expect(await duck(sql)).toEqual([{ n: 200, ids: 200 }])
  })

  describe('behind a bad network', () => {
    let proxy: S3Proxy
    let behind: S3Client
    let objects: ObjectStore
    beforeAll(async () => {
      proxy = await startS3Proxy(server.endpoint)
      behind = connect(proxy.endpoint)
      objects = openS3Objects({ ...ports, client: behind, bucket: 'lake', prefix: 'bad/' })
    })
    afterAll(async () => {
      behind.destroy()
      await proxy[Symbol.asyncDispose]()
    })

    it('writes once though the answer gets lost, twice in a row', async () => {
      const puts = proxy.puts()
      proxy.loseAnswers(2)
      expect(await objects.putOnce(object('lost'))).toBe('kept')
      expect(proxy.puts() - puts).toBe(3)
      expect(Buffer.from((await objects.get('lost')) ?? []).toString()).toBe('ada')
    })

    it('waits and tries again while it is asked to slow down', async () => {
      proxy.answer('PUT', { status: 503, code: 'SlowDown' }, 3)
      expect(await objects.putOnce(object('throttled'))).toBe('written')
    })

    it('says so when it is asked to slow down for too long', async () => {
      proxy.answer('PUT', { status: 503, code: 'SlowDown' }, 100)
      const fault = { code: 'OVERLOADED', retryable: true, message: expect.stringContaining('slow down') }
      await expect(objects.putOnce(object('never'))).rejects.toMatchObject(fault)
      proxy.answer('PUT', { status: 200, code: '' }, 0)
    })

    it.each([
      [400, 'ExpiredToken', 'have expired'],
      [403, 'InvalidAccessKeyId', 'does not know who we are'],
      [403, 'SignatureDoesNotMatch', 'does not know who we are'],
      [403, 'AccessDenied', 'The role needs PutObject'],
      [301, 'PermanentRedirect', 'There is no such bucket'],
    ])('does not try again for %i %s, and says what to do', async (status, code, advice) => {
      const puts = proxy.puts()
      proxy.answer('PUT', { status, code }, 1)
      const fault = { code: 'BAD_CONFIG', message: expect.stringContaining(advice) }
      await expect(objects.putOnce(object(code))).rejects.toMatchObject(fault)
      expect(proxy.puts() - puts).toBe(1)
    })

    it('signs again with the right time when its clock is wrong', async () => {
      proxy.answer('PUT', { status: 403, code: 'RequestTimeTooSkewed' }, 1)
      expect(await objects.putOnce(object('skewed'))).toBe('written')
    })
  })

  it('says that there is no such bucket', async () => {
    const objects = openS3Objects({ ...ports, client, bucket: 'nowhere' })
    const fault = { code: 'BAD_CONFIG', message: expect.stringContaining('There is no such bucket') }
    await expect(objects.putOnce(object('x'))).rejects.toMatchObject(fault)
    await expect(objects.list({ prefix: '' })).rejects.toMatchObject(fault)
    await expect(objects.get('x')).rejects.toMatchObject(fault)
  })

  it('says that S3 is away, and that trying again may help', async () => {
    const nobody = connect('http://127.0.0.1:1')
    const objects = openS3Objects({ ...ports, client: nobody, bucket: 'lake' })
    const fault = {
      code: 'STORE_UNAVAILABLE',
      retryable: true,
      message: expect.stringContaining('S3 cannot be reached'),
    }
    await expect(objects.putOnce(object('x'))).rejects.toMatchObject(fault)
    nobody.destroy()
  })

  it('loses nothing when the process that archives is killed, again and again', async () => {
    await using place = await temporary()
    const path = join(place.folder, 'bus.sqlite')
    {
      await using bus = await openSqliteBus({ ...ports, log: silentLog, path })
      await bus.publish(facts(400))
    }
    const objects = openS3Objects({ ...ports, client, bucket: 'lake' })
    const enough = [20, 120, 400]
    for (const count of enough) {
      const child = spawn(process.execPath, [worker, path, server.endpoint], { stdio: 'inherit' })
      await until(async () => (await idsOf(objects)).length >= count)
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    }
    expect(await idsOf(objects)).toEqual(sortedIds(facts(400)))
    await compactArchive({ objects, before: '2027-01-01' })
    await using copy = await copyOf(objects, 'events/format=parquet/')
    const sql = `SELECT count(*)::INT AS n, count(DISTINCT id)::INT AS ids FROM read_parquet('${copy.folder}/*.parquet')`
    expect(await duck(sql)).toEqual([{ n: 400, ids: 400 }])
  })
})

function connect(endpoint: string): S3Client {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  return new S3Client({ endpoint, region: 'eu-west-1', forcePathStyle: true, credentials, maxAttempts: 1 })
}

function object(key: string) {
  return { key, body: Buffer.from('ada'), contentType: 'text/plain' }
}

const sortedIds = (events: readonly Envelope[]): string[] => events.map(({ id }) => id).sort()

async function idsOf(objects: ObjectStore): Promise<string[]> {
  const events: Envelope[] = []
  for await (const event of readArchive({ objects })) events.push(event)
  return sortedIds(events)
}

async function temporary(): Promise<AsyncDisposable & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'stoa-lake-'))
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

/** DuckDB reads s3:// only with an extension that it would have to fetch. */
async function copyOf(objects: ObjectStore, prefix: string) {
  const place = await temporary()
  const { writeFile } = await import('node:fs/promises')
  for await (const key of listAll(objects, prefix))
    await writeFile(join(place.folder, key.slice(key.lastIndexOf('/') + 1)), (await objects.get(key)) ?? '')
  return place
}

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 50))
}
