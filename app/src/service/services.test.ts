import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { loadDocuments } from '@stoa/schema/documents'
import { type Engines, embeddedEngines } from '../engines.ts'
import { openGatewayService } from './gateway-service.ts'
import { readGatewayConfig, readSubgraphConfig } from './service-config.ts'
import type { RunningService, ServiceTools } from './service-parts.ts'
import { openSubgraphService } from './subgraph-service.ts'

const secret = 's'.repeat(32)
const env = {
  STOA_STACK: 'embedded',
  STOA_HOST: '127.0.0.1',
  STOA_PORT: '0',
  STOA_INTERNAL_SECRET: secret,
  WEBHOOK_SECRET: 'w'.repeat(32),
  OIDC_ISSUER: 'http://127.0.0.1:9/pool',
  OIDC_AUDIENCE: 'stoa',
  STOA_RATE: '1:20',
  STOA_PROXIES: '1',
}

const open = new AsyncDisposableStack()
let engines: Engines
let gateway: RunningService
beforeAll(async () => {
  engines = open.use(embeddedEngines({ clock: systemClock, random: systemRandom, log: silentLog }))
  const tools: ServiceTools = { clock: systemClock, random: systemRandom, log: silentLog, engines, env }
  const catalog = open.use(await openSubgraphService('catalog', readSubgraphConfig(env), tools))
  const subgraphs = ['inventory', 'orders', 'customer', 'recommendation', 'live'].map(
    (name) => `${name}=http://127.0.0.1:9/graphql`,
  )
  const STOA_SUBGRAPHS = [`catalog=${catalog.url}/graphql`, ...subgraphs].join(',')
  gateway = open.use(await openGatewayService(readGatewayConfig({ ...env, STOA_SUBGRAPHS }), tools))
})
afterAll(() => open.disposeAsync())

describe('services of their own', () => {
  it('are ready when they listen, whether or not others are', async () => {
    const answer = await fetch(`${gateway.url}/readyz`)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ ready: true })
  })

  it('answer trusted documents through the gateway', async () => {
    const documentId = trustedDocument('WebCategories')
    const answer = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ documentId }),
    })
    expect(await answer.json()).toEqual({ data: expect.anything() })
  })

  it('refuse documents that nobody trusts', async () => {
    const answer = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ __typename }' }),
    })
    expect(answer.status).toBe(403)
  })

  it('take notices of vendors only with their signature', async () => {
    const answer = await fetch(`${gateway.url}/hooks/wms`, { method: 'POST', body: '{}' })
    expect(answer.status).toBe(401)
  })

  it('count each caller by the address that the load balancer saw', async () => {
    const ask = (address: string): Promise<Response> =>
      fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
        body: JSON.stringify({ documentId: 'sha256:none' }),
      })
    await Promise.all(Array.from({ length: 30 }, () => ask('192.0.2.1')))
    expect((await ask('192.0.2.1')).status).toBe(429)
    expect((await ask('192.0.2.2')).status).not.toBe(429)
  })

  it('reach Redis with the password they are given apart', () => {
    const REDIS_URL = 'rediss://cache.example:6379'
    const STOA_SUBGRAPHS = 'catalog=http://inner.example/graphql'
    const config = readGatewayConfig({ ...env, STOA_SUBGRAPHS, REDIS_URL, REDIS_PASSWORD: 'pass/word' })
    expect(config.redisUrl).toBe('rediss://:pass%2Fword@cache.example:6379')
  })

  it('say everything that is wrong with their configuration at once', () => {
    const { OIDC_ISSUER: _issuer, STOA_PORT: _port, ...rest } = env
    expect(() => readGatewayConfig({ ...rest, STOA_SUBGRAPHS: 'catalog' })).toThrow(
      /STOA_PORT[\s\S]*STOA_SUBGRAPHS[\s\S]*OIDC_ISSUER/,
    )
  })
})

function trustedDocument(name: string): string | undefined {
  return [...loadDocuments()].find(([, { operationName }]) => operationName === name)?.[0]
}
