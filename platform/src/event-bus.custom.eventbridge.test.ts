import { afterAll, beforeAll, describe } from '@jest/globals'
import { type AwsBench, startAwsBench, whyNoAwsBench } from '../test/aws-bench.ts'
import { type CustomBusSimulator, customBusAt, startCustomBus } from '../test/custom-bus-simulator.ts'
import { turns } from './bus/contract/bench.contract.ts'
import { systemClock } from './clock.ts'
import { eventBusContract } from './event-bus.contract.ts'
import { type EventBridgeBus, openEventBridgeBus } from './event-bus.eventbridge.ts'
import { silentLog } from './log.ts'
import { systemRandom } from './random.ts'

const reason = whyNoAwsBench()
const describeHere = reason ? describe.skip : describe

/** On a virtual clock nobody else comes near, and what is published has arrived when its publication is answered. */
const alone = { graceMs: 0, sweepEveryMs: 1e12, followMs: 1e12, leaseMs: 4e12, waitSeconds: 0, shards: 1 }

describeHere(reason ? `The custom event bus is not tried: ${reason}` : 'on the custom event bus', () => {
  let aws: AwsBench
  let simulator: CustomBusSimulator
  let current: EventBridgeBus
  let buses = 0

  beforeAll(async () => {
    aws = await startAwsBench()
    simulator = await startCustomBus(aws.endpoints.moto)
  })

  afterAll(async () => {
    await simulator[Symbol.asyncDispose]()
    await aws[Symbol.asyncDispose]()
  })

  eventBusContract({
    name: 'the EventBridge bus, carried by a custom event bus,',
    durable: true,
    runs: 2,
    size: 100,
    async settle() {
      await current.arrived()
      await turns()
    },
    place: async () => {
      buses += 1
      const name = `custom-${buses}`
      const custom = customBusAt(simulator.endpoint)
      const ports = { clock: systemClock, random: systemRandom, log: silentLog }
      await openEventBridgeBus({ ...ports, name, clients: aws.clients, custom }).create()
      return {
        open(options) {
          current = openEventBridgeBus({ ...options, ...alone, name, clients: aws.clients, custom })
          return current
        },
        [Symbol.asyncDispose]: async () => {},
      }
    },
  })
})
