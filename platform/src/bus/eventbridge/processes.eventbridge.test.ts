import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type AwsBench, startAwsBench, whyNoAwsBench } from '../../../test/aws-bench.ts'
import { systemClock } from '../../clock.ts'
import { type EventBridgeBus, openEventBridgeBus } from '../../event-bus.eventbridge.ts'
import { openDynamoStore } from '../../event-store.dynamodb.ts'
import type { EventStore } from '../../event-store.ts'
import { silentLog } from '../../log.ts'
import { systemRandom } from '../../random.ts'
import { startRelay } from '../../relay.ts'
import { append, appendTo, expectInOrder } from '../../store/contract/parts.contract.ts'
import { listener, told } from '../contract/bench.contract.ts'

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

    it('carries events from one to the other, and redrives and replays too', async () => {
      const name = await aws.newBus()
      await using ada = open(name)
      await using bo = open(name)
      let sick = true
      const worker = listener('orders.worker', { retry: { maxAttempts: 1 } }, (event) => {
        if (sick && event.version === 2) throw new Error('sick')
      })
      const heard: string[] = []
      await using _ = await ada.follow({
        pattern: { source: ['orders'] },
        hear: ({ id }) => void heard.push(id),
      })
      await ada.subscribe(worker.consumer)
      await bo.publish([told('order-1', 1), told('order-1', 2)])
      await bo.publish([told('order-1', 3)])
      await eventually(() => worker.handled.length === 2 && heard.length === 3, 'the events of the other')
      expect(worker.handled).toEqual(['order-1@1', 'order-1@3'])
      await eventually(async () => (await bo.deadLetters()).length === 1, 'the dead letter')
      sick = false
      expect(await bo.redrive({})).toBe(1)
      await eventually(() => worker.handled.length === 3, 'the redrive')
      await eventually(
        async () => (await bo.replay({ consumer: 'orders.worker' })) === 3,
        'all to be settled',
      )
      await eventually(() => worker.handled.length >= 6, 'the replay')
    })

    it('serves a consumer in one process only; the next takes over what the first leaves', async () => {
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
      // What the first has settled is known to the second, although it is too young to be swept.
      expect([first.handled, second.handled]).toEqual([['order-1@1'], ['order-1@2']])
    })

    it('drops the late word of an owner that was overtaken', async () => {
      const name = await aws.newBus()
      // Its clock stands still, so that it never learns that its lease has run out.
      const frozen = { now: () => Date.now() - 60_000, schedule: () => ({ cancel: () => {} }) }
      await using ada = open(name, { clock: frozen })
      await using bo = open(name)
      let fail = (): void => {}
      const hung = listener('orders.worker', {}, () => {
        return new Promise<void>((_, reject) => {
          fail = () => reject(new Error('too late'))
        })
      })
      await ada.subscribe(hung.consumer)
      await bo.publish([told('order-1', 1)])
      await eventually(() => hung.tellings.length === 1, 'the first try')
      const next = listener('orders.worker')
      await bo.subscribe(next.consumer)
      await eventually(() => next.handled.length === 1, 'the second try')
      fail()
      await wait(500)
      const cleo = open(name)
      expect(await cleo.consumers()).toEqual([{ name: 'orders.worker', lag: 0, parked: 0, deadLetters: 0 }])
      await cleo[Symbol.asyncDispose]()
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

    it('loses nothing when its process is killed in the middle of its work', async () => {
      const name = await aws.newBus()
      const all = Array.from({ length: 120 }, (_, i) => told(`s-${i % 10}`, Math.floor(i / 10) + 1))
      await using publisher = open(name)
      await publisher.publish(all.slice(0, 60))
      const handled: string[] = []
      handled.push(...(await handledBeforeKill(name, (ids) => ids.length >= 20)))
      await publisher.publish(all.slice(60))
      handled.push(...(await handledBeforeKill(name, (ids) => new Set([...handled, ...ids]).size >= 80)))
      handled.push(
        ...(await handledBeforeKill(name, (ids) => new Set([...handled, ...ids]).size >= all.length)),
      )
      expect([...new Set(handled)].toSorted()).toEqual(all.map((event) => event.id).toSorted())
      const firsts = [...new Set(handled)].map((id) => told(id.split('@')[0] ?? '', Number(id.split('@')[1])))
      expectInOrder(firsts)
    }, 120_000)

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

    /** Runs the worker in a process of its own and kills it in the middle of its work, once it has done enough. */
    async function handledBeforeKill(
      name: string,
      isEnough: (ids: readonly string[]) => boolean,
    ): Promise<readonly string[]> {
      const main = new URL('../../../test/handle-eventbridge-main.ts', import.meta.url).pathname
      const { moto, dynamodb } = aws.endpoints
      const child = spawn(process.execPath, [main, name, moto, dynamodb], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let said = ''
      // The last line may be cut in two by the kill.
      const ids = (): readonly string[] => said.split('\n').slice(0, -1)
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text
        if (isEnough(ids())) child.kill('SIGKILL')
      })
      const impatience = setTimeout(() => child.kill('SIGKILL'), 60_000)
      await once(child, 'close')
      clearTimeout(impatience)
      return ids()
    }
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

async function eventually(check: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (await check()) return
    await wait(100)
  }
  throw new Error(`Waited in vain for ${what}.`)
}
