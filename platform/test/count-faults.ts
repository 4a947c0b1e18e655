import { type Attributes, createNoopMeter, type Meter, metrics } from '@opentelemetry/api'

/** Everything counted as an engine's fault from now on, until `metrics.disable()`. */
export function countFaults(): readonly Attributes[] {
  const counted: Attributes[] = []
  const meter: Meter = {
    ...createNoopMeter(),
    createCounter: (name) => ({
      add: (_, attributes) => {
        if (attributes && name === 'stoa.engine.faults') counted.push(attributes)
      },
    }),
  }
  metrics.setGlobalMeterProvider({ getMeter: () => meter })
  return counted
}
