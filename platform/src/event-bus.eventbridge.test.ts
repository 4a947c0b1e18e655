import { afterAll, beforeAll, describe } from '@jest/globals'
import { type AwsBench, startAwsBench, whyNoAwsBench } from '../test/aws-bench.ts'
import { turns } from './bus/contract/bench.contract.ts'
import { eventBusContract } from './event-bus.contract.ts'
import { type EventBridgeBus, openEventBridgeBus } from './event-bus.eventbridge.ts'

const reason = whyNoAwsBench()
const describeHere = reason ? describe.skip : describe

/** On a virtual clock nobody else comes near, and what is published has arrived when its publication is answered. */
const alone = { graceMs: 0, sweepEveryMs: 1e12, followMs: 1e12, leaseMs: 4e12, waitSeconds: 0, shards: 1 }

describeHere(reason ? `EventBridge is not tried: ${reason}` : 'on moto and DynamoDB Local', () => {
  let aws: AwsBench
  let current: EventBridgeBus

  beforeAll(async () => {
    aws = await startAwsBench()
  })

  afterAll(async () => {
    await aws[Symbol.asyncDispose]()
  })

  eventBusContract({
    name: 'the EventBridge bus',
    durable: true,
    runs: 3,
    size: 200,
    async settle() {
      await current.arrived()
      await turns()
    },
    place: async () => {
      const name = await aws.newBus()
      return {
        open(options) {
          current = openEventBridgeBus({ ...options, ...alone, name, clients: aws.clients })
          return current
        },
        [Symbol.asyncDispose]: async () => {},
      }
    },
  })
})
