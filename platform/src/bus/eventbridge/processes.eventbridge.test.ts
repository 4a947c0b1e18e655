import { setTimeout as wait } from 'node:timers/promises'
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type AwsBench, startAwsBench, whyNoAwsBench } from '../../../test/aws-bench.ts'
import { eventually } from '../../../test/eventually.ts'
import { systemClock } from '../../clock.ts'
import { type EventBridgeBus, openEventBridgeBus } from '../../event-bus.eventbridge.ts'
import { openDynamoStore } from '../../event-store.dynamodb.ts'
import type { EventStore } from '../../event-store.ts'
import { silentLog } from '../../log.ts'
import { systemRandom } from '../../random.ts'
import { startRelay } from '../../relay.ts'
import { append, appendTo } from '../../store/contract/parts.contract.ts'
import { listener, told } from '../contract/bench.contract.ts'
import { sharedBusContract } from '../contract/shared.contract.ts'

const reason = whyNoAwsBench()
const describeHere = reason ? describe.skip : describe
const ports = { clock: systemClock, random: systemRandom, log: silentLog }
const hurried = {
  ...ports,
  graceMs: 3000,
  sweepEveryMs: 300,
  waitSeconds: 1,
  leaseMs: 1500,
  shards: 1,
  closeMs: 100,
}

describeHere(
  reason ? `EventBridge is not shared: ${reason}` : 'a bus of EventBridge shared by processes',
  () => {
    let aws: AwsBench

    beforeAll(async () => {
      aws = await startAwsBench()
    })

    afterAll(async () => {
      await aws[Symbol.asyncDispose]()
    })

    function open(name: string, options: object = {}): EventBridgeBus {
      return openEventBridgeBus({ ...hurried, ...options, name, clients: aws.clients })
    }

    sharedBusContract({
      serving: 'one',
      killed: 120,
      async share() {
        const name = await aws.newBus()
        const { moto, dynamodb } = aws.endpoints
        return {
          open: (options) => open(name, options),
          worker: [
            new URL('../../../test/handle-eventbridge-main.ts', import.meta.url).pathname,
            name,
            moto,
            dynamodb,
          ],
          [Symbol.asyncDispose]: async () => {},
        }
      },
    })

    it('takes over what another process leaves without telling again what is too young to be swept', async () => {
      const name = await aws.newBus()
      await using ada = open(name, { graceMs: 15_000 })
      await using bo = open(name, { graceMs: 15_000 })
      const [first, second] = [listener('orders.worker'), listener('orders.worker')]
      const subscription = await ada.subscribe(first.consumer)
      await bo.subscribe(second.consumer)
      await bo.publish([told('order-1', 1)])
      await eventually(() => first.handled.length === 1, 'the first event')
      await subscription[Symbol.asyncDispose]()
      await bo.publish([told('order-1', 2)])
      await eventually(() => second.handled.length === 1, 'the second event')
      expect([first.handled, second.handled]).toEqual([['order-1@1'], ['order-1@2']])
    })

    it('tells in order what a publisher with a clock minutes behind publishes, although that time is swept', async () => {
      const name = await aws.newBus()
      await using ada = open(name)
      const behind = { ...systemClock, now: () => Date.now() - 120_000 }
      await using bo = open(name, { clock: behind })
      const worker = listener('orders.worker')
      await ada.subscribe(worker.consumer)
      await ada.publish([told('order-1', 1)])
      await eventually(
        async () => (await ada.replay({ consumer: 'orders.worker' })) > 0,
        'the sweep to have passed',
      )
      await bo.publish([told('order-2', 1), told('order-2', 2)])
      await bo.publish([told('order-1', 2)])
      await eventually(
        () => worker.handled.includes('order-1@2') && worker.handled.includes('order-2@2'),
        'all',
      )
      // The replay that was asked for above may meet them too.
      const first = worker.tellings.filter(({ event, replay }) => event.stream === 'order-2' && !replay)
      expect(first.map(({ event }) => event.id)).toEqual(['order-2@1', 'order-2@2'])
    })

    it('carries what a DynamoDB store records, in order, although the relay dies before its checkpoint', async () => {
      const name = await aws.newBus()
      const streamsClient = new DynamoDBStreamsClient({
        endpoint: aws.endpoints.dynamodb,
        region: 'eu-west-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      })
      const tables = { client: aws.clients.dynamodb, streamsClient, tablePrefix: `${name}-store-` }
      await using store = openDynamoStore({ ...ports, ...tables })
      await store.createTables()
      await using bus = open(name)
      const ada = listener('orders.ada')
      await bus.subscribe(ada.consumer)
      await append(store, appendTo('order-1', 0, 3), appendTo('order-2', 0))
      await relayOnceAndDie(store, bus)
      await append(store, appendTo('order-1', 3, 2))
      await using _ = await startRelay({ store, bus, source: 'orders', log: silentLog })
      await eventually(() => ada.handled.length === 6, 'six events')
      await wait(500)
      expect(ada.tellings.map(({ event }) => event).filter(({ stream }) => stream === 'order-1')).toEqual(
        (await store.load('order-1')).map((event) => ({ ...event, source: 'orders' })),
      )
      expect(ada.handled.length).toBe(6)
      streamsClient.destroy()
    })
  },
)

/** Publishes the first batch and fails before its checkpoint is written, as a process that is killed there. */
async function relayOnceAndDie(store: EventStore, bus: EventBridgeBus): Promise<void> {
  let published = (): void => {}
  const done = new Promise<void>((resolve) => {
    published = resolve
  })
  const dying = {
    async publish(events: Parameters<EventBridgeBus['publish']>[0]): Promise<void> {
      await bus.publish(events)
      published()
      throw new Error('killed')
    },
  }
  const relay = await startRelay({ store, bus: dying, source: 'orders', log: silentLog })
  await done
  await relay[Symbol.asyncDispose]()
}
