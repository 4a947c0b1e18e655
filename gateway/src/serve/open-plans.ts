import { systemClock } from '@stoa/platform/clock'
import type { Log } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import type { SharedPlans } from '../options.ts'
import { openRedisPlans } from '../shared-plans.redis.ts'
import type { ServeOptions } from './options.ts'
import { readRedisUrl } from './read-redis-url.ts'

export interface OpenedPlans extends AsyncDisposable {
  readonly sharedPlans?: SharedPlans
}

/** With `--redis-file`, plans that all gateways share there; signed, where they share a secret, too. */
export async function openPlans(
  { redisFile }: Pick<ServeOptions, 'redisFile'>,
  secret: string | undefined,
  log: Log,
): Promise<OpenedPlans> {
  if (redisFile === undefined) return { [Symbol.asyncDispose]: async () => {} }
  const url = await readRedisUrl(redisFile)
  const signing = secret === undefined ? {} : { secret }
  const plans = openRedisPlans({ url, clock: systemClock, random: systemRandom, log, ...signing })
  return { sharedPlans: plans, [Symbol.asyncDispose]: () => plans[Symbol.asyncDispose]() }
}
