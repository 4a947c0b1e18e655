import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { openRedis, type RedisConnection } from '@stoa/platform/redis-connection'
import { loadDocuments } from '@stoa/schema/documents'
import { startRedis, whyNoRedis } from '@stoa/servers/redis'
import { embeddedEngines } from '../engines.ts'
import { openGatewayService } from './gateway-service.ts'
import { readGatewayConfig } from './service-config.ts'
import type { RunningService } from './service-parts.ts'

const ports = { clock: systemClock, random: systemRandom, log: silentLog }
const nowhere = 'http://127.0.0.1:9/graphql'
const env = {
  STOA_STACK: 'embedded',
  STOA_HOST: '127.0.0.1',
  STOA_PORT: '0',
  STOA_INTERNAL_SECRET: 's'.repeat(32),
  WEBHOOK_SECRET: 'w'.repeat(32),
  OIDC_ISSUER: 'http://127.0.0.1:9/pool',
  OIDC_AUDIENCE: 'stoa',
  STOA_SUBGRAPHS: ['catalog', 'inventory', 'orders', 'customer', 'recommendation', 'live']
    .map((name) => `${name}=${nowhere}`)
    .join(','),
}
const documents = [...loadDocuments().keys()]
const reason = whyNoRedis()
const describeHere = reason ? describe.skip : describe

describeHere(reason ? `Redis is not tried: ${reason}` : 'gateways in containers with REDIS_URL', () => {
  it('count callers together and share plans', async () => {
    await using server = await startRedis()
    await using redis = openRedis({ ...ports, url: server.endpoint, timeoutMs: 5_000 })
    await using engines = embeddedEngines(ports)
    const open = (): Promise<RunningService> => {
      const config = readGatewayConfig({ ...env, REDIS_URL: server.endpoint })
      return openGatewayService(config, { ...ports, engines, env })
    }
    await using ada = await open()
    await untilKept(redis, 'stoa:rate:*', ada)
    await untilKept(redis, 'stoa:plan:*', ada)
    expect(await keysOf(redis, 'stoa:plan:*')).not.toEqual([])
  })
})

/** Asks one document after another until there is something: its connections take a moment, and nobody waits for them. */
async function untilKept(redis: RedisConnection, pattern: string, { url }: RunningService): Promise<void> {
  for (let i = 0; (await keysOf(redis, pattern)).length === 0; i += 1) {
    await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ documentId: documents[i % documents.length] }),
    })
    await wait(50)
  }
}

async function keysOf(redis: RedisConnection, pattern: string): Promise<readonly unknown[]> {
  const keys = await redis.command(['KEYS', pattern]).catch(() => [])
  return Array.isArray(keys) ? keys : []
}
