import { afterEach, describe, expect, it } from '@jest/globals'
import { createNoopMeter, type Meter, metrics } from '@opentelemetry/api'
import { createVirtualClock } from './clock.virtual.ts'
import { sharedCacheContract } from './shared-cache.contract.ts'
import { createMemoryCache } from './shared-cache.memory.ts'
import type { SharedCache } from './shared-cache.ts'

sharedCacheContract('memory', async () => {
  const clock = createVirtualClock()
  let cache: SharedCache | undefined
  return {
    open: (rules) => (cache ??= createMemoryCache({ ...rules, clock })),
    pass: async (ms) => clock.advance(ms),
    [Symbol.asyncDispose]: async () => {},
  }
})

describe('a cache in memory', () => {
  afterEach(() => metrics.disable())

  it('is bounded: the value used longest ago is forgotten', async () => {
    const rules = { name: 'tests', ttlMs: 1000, maxBytes: 10, maxValues: 2 }
    const cache = createMemoryCache({ ...rules, clock: createVirtualClock() })
    const ask = (key: string): Promise<string | undefined> => cache.get(key, (value) => value)
    await cache.set('ada', 'a')
    await cache.set('bo', 'b')
    await ask('ada')
    await cache.set('cleo', 'c')
    expect([await ask('ada'), await ask('bo'), await ask('cleo')]).toEqual(['a', undefined, 'c'])
  })
  it('is counted: what was found, what was not, and what was written', async () => {
    const counted: unknown[] = []
    const meter: Meter = {
      ...createNoopMeter(),
      createCounter: (name) => ({ add: (_value, attributes) => void counted.push([name, attributes]) }),
    }
    metrics.setGlobalMeterProvider({ getMeter: () => meter })
    const rules = { name: 'tests', ttlMs: 1000, maxBytes: 4 }
    const cache = createMemoryCache({ ...rules, clock: createVirtualClock() })
    await cache.set('ada', 'blue')
    await cache.set('bo', 'green')
    for (const key of ['ada', 'bo']) await cache.get(key, (value) => value)
    await cache.get('ada', () => undefined)
    const writes = ['kept', 'too_large'].map((outcome) => ['stoa.cache.writes', { cache: 'tests', outcome }])
    const reads = ['hit', 'miss', 'unreadable'].map((outcome) => [
      'stoa.cache.reads',
      { cache: 'tests', outcome },
    ])
    expect(counted).toEqual([...writes, ...reads])
  })
})
