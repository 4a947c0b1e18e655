import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { openBucket } from '@stoa/lake/bucket'
import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { embeddedEngines } from '../engines.ts'
import { lakePlaceOf } from '../lake-place.ts'
import { openLakeService } from './lake-service.ts'
import { readLakeConfig } from './service-config.ts'

const env = { STOA_STACK: 'embedded', STOA_HOST: '127.0.0.1', STOA_PORT: '0' }
const tools = { clock: systemClock, random: systemRandom, log: silentLog, env }

describe('the lake as a service of its own', () => {
  it('keeps what is on the bus, and says that it is well', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stoa-lake-service-'))
    try {
      const config = readLakeConfig({ ...env, LAKE_FOLDER: folder })
      const engines = embeddedEngines(tools)
      await using bus = await engines.bus()
      const shared = { ...engines, bus: async () => ({ ...bus, [Symbol.asyncDispose]: async () => {} }) }
      {
        await using service = await openLakeService(config, { ...tools, engines: shared })
        for (const path of ['livez', 'readyz', 'version'])
          expect((await fetch(`${service.url}/${path}`)).status).toBe(200)
        await bus.publish([placed])
      }
      expect(await readdir(join(folder, 'events'))).toEqual(['format=jsonl', 'format=parquet'])
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('knows a bucket with its prefix, and where it is reached', () => {
    const access = { AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' }
    const { place } = readLakeConfig({ ...env, ...access, LAKE_BUCKET: 'lake', LAKE_PREFIX: '/shop/one' })
    const reached = { region: 'eu-west-1', endpoint: 'http://127.0.0.1:9' }
    expect(place).toEqual({ kind: 'bucket', bucket: 'lake', prefix: 'shop/one/', ...reached })
  })

  it('knows a bucket by one text, as it is named at the command line', () => {
    const place = { kind: 'bucket', bucket: 'lake', prefix: 'shop/one/' }
    expect(lakePlaceOf('s3://lake/shop/one', {})).toEqual(place)
    expect(lakePlaceOf('s3://lake', {})).toEqual({ ...place, prefix: '' })
    expect(() => lakePlaceOf('s3://', {})).toThrow(/Expected a bucket/)
  })

  it('says that nobody named the region', async () => {
    const before = process.env['AWS_REGION']
    delete process.env['AWS_REGION']
    const opening = openBucket({ ...tools, bucket: 'lake', endpoint: 'http://127.0.0.1:1' })
    await expect(opening).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringContaining('AWS_REGION'),
    })
    if (before !== undefined) process.env['AWS_REGION'] = before
  })

  it.each([
    [{}, /LAKE_BUCKET or LAKE_FOLDER/],
    [{ LAKE_BUCKET: 'lake', LAKE_FOLDER: '/lake' }, /LAKE_BUCKET or LAKE_FOLDER/],
    [{ LAKE_BUCKET: 'No_Bucket' }, /Expected a bucket .* got "No_Bucket"/],
    [{ LAKE_BUCKET: 'lake', AWS_ENDPOINT_URL_S3: 'ftp://x' }, /AWS_ENDPOINT_URL_S3/],
  ])('does not start with %j', (more, problem) => {
    expect(() => readLakeConfig({ ...env, ...more })).toThrow(problem)
  })
})

const placed = {
  ...{ id: 'order-O-1@1', type: 'OrderCreated', at: Date.UTC(2026, 10, 21), stream: 'order-O-1' },
  ...{ version: 1, source: 'orders', data: { orderId: 'O-1' }, meta: { correlationId: 'R-1' } },
}
