import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe } from '@jest/globals'
import { startKafka, whyNoKafka } from '@stoa/servers/kafka'
import type { LocalServer } from '@stoa/servers/local-server'
import type { BusPlace } from './bus/contract/bench.contract.ts'
import { eventBusContract } from './event-bus.contract.ts'
import { openKafkaBus } from './event-bus.kafka.ts'

const reason = whyNoKafka()
const describeHere = reason ? describe.skip : describe

/** On a virtual clock nobody else comes near the topics, and looking every few milliseconds would only take time. */
const alone = { pollMs: 1e12, leaseMs: 4e12 }
const one = { replicas: 1, minInsyncReplicas: 1 }
const window = 1000

describeHere(reason ? `Kafka is not tried: ${reason}` : 'on a Kafka broker', () => {
  let server: LocalServer
  let places = 0

  beforeAll(async () => {
    server = await startKafka()
  })

  afterAll(async () => {
    await server[Symbol.asyncDispose]()
  })

  async function place(partitions: number): Promise<BusPlace> {
    places += 1
    const topics = { prefix: `contract-${places}.`, partitions, identityPartitions: 1 }
    return {
      open: (options) =>
        openKafkaBus({ ...options, ...alone, ...one, ...topics, window, brokers: [server.endpoint] }),
      [Symbol.asyncDispose]: async () => {},
    }
  }

  for (const partitions of [1, 3]) {
    eventBusContract({
      name: `the Kafka bus with ${partitions} ${partitions === 1 ? 'partition' : 'partitions'}`,
      durable: true,
      window,
      runs: 3,
      place: () => place(partitions),
      settle: () => wait(200),
    })
  }
})
