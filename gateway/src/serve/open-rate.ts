import { readFile } from 'node:fs/promises'
import { systemClock } from '@stoa/platform/clock'
import { Fault } from '@stoa/platform/fault'
import type { Log } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { createMemoryRateBucket } from '@stoa/platform/rate-bucket.memory'
import { createRedisRateBucket } from '@stoa/platform/rate-bucket.redis'
import { openRedis } from '@stoa/platform/redis-connection'
import type { Rate } from '../options.ts'
import type { ServeOptions } from './options.ts'

export interface OpenedRate extends AsyncDisposable {
  readonly rate?: Rate
}

/** What counts requests: in this process, or with `--redis-file` in a Redis that all gateways share. */
export async function openRate(
  { rate: limit, redisFile, proxies }: Pick<ServeOptions, 'rate' | 'redisFile' | 'proxies'>,
  log: Log,
): Promise<OpenedRate> {
  if (!limit) return { [Symbol.asyncDispose]: async () => {} }
  const local = createMemoryRateBucket({ limit, clock: systemClock })
  if (redisFile === undefined)
    return { rate: { bucket: local, proxies }, [Symbol.asyncDispose]: async () => {} }
  const url = await readRedisUrl(redisFile)
  const redis = openRedis({ url, clock: systemClock, random: systemRandom, log })
  const bucket = createRedisRateBucket({ redis, limit, prefix: 'stoa:rate:', fallback: local, log })
  return { rate: { bucket, proxies }, [Symbol.asyncDispose]: () => redis[Symbol.asyncDispose]() }
}

async function readRedisUrl(path: string): Promise<string> {
  const url = (await readFile(path, 'utf8')).trim()
  if (/^rediss?:$/.test(URL.parse(url)?.protocol ?? '')) return url
  // Not what was found: there may be a password in it.
  throw new Fault('BAD_CONFIG', `--redis-file: expected a URL in ${path}, as redis://127.0.0.1:6379.`)
}
