import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import type { EventBus } from '@stoa/platform/event-bus'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { type Engines, embeddedEngines } from '../engines.ts'
import { runReactions } from './reactions.ts'
import { readSubgraphConfig } from './service-config.ts'
import type { ServiceTools } from './service-parts.ts'
import { openSubgraphService } from './subgraph-service.ts'

const env = {
  ...{ STOA_STACK: 'embedded', STOA_HOST: '127.0.0.1', STOA_PORT: '0' },
  ...{ STOA_INTERNAL_SECRET: 's'.repeat(32), NOTIFICATION_URL: 'http://127.0.0.1:9' },
}
const elsewhere = readSubgraphConfig({ ...env, STOA_REACTIONS: 'elsewhere' })

describe('reactions elsewhere', () => {
  const open = new AsyncDisposableStack()
  let bus: EventBus
  let tools: ServiceTools

  beforeAll(async () => {
    const ports = { clock: systemClock, random: systemRandom, log: silentLog }
    const embedded = open.use(embeddedEngines(ports))
    bus = open.use(await embedded.bus())
    // Both roles on the one bus, which outlives them.
    const kept = { ...bus, [Symbol.asyncDispose]: async () => {} }
    const engines: Engines = { ...embedded, bus: async () => kept }
    tools = { ...ports, engines, env }
  })
  afterAll(() => open.disposeAsync())

  it('are left to others by a service that is told so', async () => {
    await using _here = await openSubgraphService('customer', elsewhere, tools)
    expect(bus.serving()).toEqual([])
  })

  it('are taken by the service where nothing was said', async () => {
    await using _here = await openSubgraphService('customer', readSubgraphConfig(env), tools)
    expect(bus.serving()).toContain('customer.notify')
  })

  it('end when there is nothing to do, and let go of what they served', async () => {
    const run = { until: systemClock.now() + 20_000, quietMs: 20 }
    expect(await runReactions('customer', run, tools)).toEqual({ handled: 0, failed: 0, ended: 'idle' })
    expect(bus.serving()).toEqual([])
  })

  it('give up on what cannot be handled, as in a service', async () => {
    await bus.publish([misshapen])
    const run = { until: systemClock.now() + 20_000, quietMs: 20 }
    expect(await runReactions('customer', run, tools)).toEqual({ handled: 0, failed: 1, ended: 'idle' })
    expect((await bus.deadLetters()).map(({ event }) => event.id)).toEqual([misshapen.id])
  })

  it('do nothing when the time is up already', async () => {
    const run = { until: systemClock.now(), quietMs: 20 }
    expect(await runReactions('customer', run, tools)).toMatchObject({ ended: 'deadline' })
  })

  it('cannot leave a subgraph that keeps in memory what they feed', async () => {
    await expect(openSubgraphService('catalog', elsewhere, tools)).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: 'The reactions of catalog cannot run elsewhere. Those of orders, customer, inventory can.',
    })
  })
})

const misshapen = {
  ...{ id: 'order-O-1@1', type: 'OrderCreated', at: Date.UTC(2026, 10, 21), stream: 'order-O-1' },
  ...{ version: 1, source: 'orders', data: { orderId: 7 }, meta: { correlationId: 'R-1' } },
}
