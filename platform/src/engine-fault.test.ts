import { afterEach, describe, expect, it } from '@jest/globals'
import { createNoopMeter, type Meter, metrics } from '@opentelemetry/api'
import { engineFault } from './engine-fault.ts'

describe('a fault of an engine', () => {
  afterEach(() => metrics.disable())

  it('is a fault, counted by engine, kind and code', () => {
    const counted: unknown[] = []
    const meter: Meter = {
      ...createNoopMeter(),
      createCounter: (name) => ({ add: (value, attributes) => void counted.push([name, value, attributes]) }),
    }
    metrics.setGlobalMeterProvider({ getMeter: () => meter })
    const cause = new Error('slow down')
    const fault = engineFault('STORE_UNAVAILABLE', 'Try again later.', {
      engine: 'dynamodb',
      kind: 'throttled',
      cause,
    })
    expect(fault).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: 'Try again later.',
      retryable: true,
      cause,
    })
    const attributes = { engine: 'dynamodb', kind: 'throttled', code: 'STORE_UNAVAILABLE' }
    expect(counted).toEqual([['stoa.engine.faults', 1, attributes]])
  })
})
