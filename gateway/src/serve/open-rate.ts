import { systemClock } from '@stoa/platform/clock'
import type { Log } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { createMemoryRateBucket } from '@stoa/platform/rate-bucket.memory'
import { createRedisRateBucket } from '@stoa/platform/rate-bucket.redis'
import { openRedis } from '@stoa/platform/redis-connection'
import type { Rate } from '../options.ts'
import type { ServeOptions } from './options.ts'
import { readRedisUrl } from './read-redis-url.ts'

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
