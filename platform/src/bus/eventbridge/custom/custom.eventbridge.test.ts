import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { CreateQueueCommand, GetQueueUrlCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { findBotocore } from '@stoa/servers/botocore'
import { type AwsBench, startAwsBench, whyNoAwsBench } from '../../../../test/aws-bench.ts'
import {
  type CustomBusSimulator,
  customBusAt,
  startCustomBus,
} from '../../../../test/custom-bus-simulator.ts'
import { systemClock } from '../../../clock.ts'
import { type EventBridgeBus, openEventBridgeBus } from '../../../event-bus.eventbridge.ts'
import { silentLog } from '../../../log.ts'
import { systemRandom } from '../../../random.ts'
import { listener, told, toldMany } from '../../contract/bench.contract.ts'
import { sharedBusContract } from '../../contract/shared.contract.ts'
import { resourceName } from '../rule.ts'

const reason = whyNoAwsBench()
const describeHere = reason ? describe.skip : describe
const ports = { clock: systemClock, random: systemRandom, log: silentLog }
/** Queues are asked by `idle` alone, and the log is not swept until then. */
const still = { ...ports, graceMs: 0, sweepEveryMs: 1e9, waitSeconds: 0, shards: 1 }
const lively = { ...ports, graceMs: 3000, sweepEveryMs: 300, waitSeconds: 1, leaseMs: 1500, shards: 1 }
const script = new URL('../../../../test/custom-bus-sdk.py', import.meta.url).pathname

describeHere(reason ? `The custom event bus is not tried: ${reason}` : 'the custom event bus', () => {
  let aws: AwsBench
  let simulator: CustomBusSimulator
  let buses = 0

  beforeAll(async () => {
    aws = await startAwsBench()
    simulator = await startCustomBus(aws.endpoints.moto)
  })

  afterAll(async () => {
    await simulator[Symbol.asyncDispose]()
    await aws[Symbol.asyncDispose]()
  })

  function newName(): string {
    buses += 1
    return `custom-${buses}`
  }

  function open(name: string, options: object = still): EventBridgeBus {
    const custom = customBusAt(simulator.endpoint)
    return openEventBridgeBus({ ...still, closeMs: 100, ...options, name, clients: aws.clients, custom })
  }

  async function openNew(options?: object): Promise<EventBridgeBus> {
    const bus = open(newName(), options)
    await bus.create()
    return bus
  }

  async function runSdk(args: readonly string[], input = ''): Promise<unknown> {
    const running = promisify(execFile)(await findBotocore(), [script, ...args], { timeout: 60_000 })
    running.child.stdin?.end(input)
    return JSON.parse((await running).stdout)
  }

  it("answers AWS's own SDK as it expects, and hands a repeat on once", async () => {
    const name = newName()
    const { QueueUrl } = await aws.clients.sqs.send(new CreateQueueCommand({ QueueName: name }))
    const arn = `arn:aws:sqs:eu-west-1:123456789012:${name}`
    expect(await runSdk(['talk', simulator.endpoint, name, arn])).toEqual({
      listed: ['CREATING', 'ACTIVE'],
      state: 'RUNNING',
      put: ['PUBLISHED', 'DEDUPLICATED'],
      refused: 'ResourceNotFoundException',
    })
    const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 })
    const { Messages = [] } = await aws.clients.sqs.send(receive)
    expect(Messages.map(({ Body = '' }) => JSON.parse(Body))).toMatchObject([
      {
        source: 'orders',
        'detail-type': 'OrderCreated',
        time: '2026-11-21T12:00:00Z',
        detail: { orderId: 'O-1' },
      },
    ])
  }, 120_000)

  it("is asked for nothing that the service's model does not take", async () => {
    await using bus = await openNew()
    const ada = listener('orders.ada')
    await (await bus.subscribe(ada.consumer))[Symbol.asyncDispose]()
    await bus.subscribe({ ...ada.consumer, pattern: { 'detail-type': ['OrderCreated'] } })
    await bus.publish([...toldMany('order-1', 3), told(`long-${'x'.repeat(300)}`, 1), told(' ', 1)])
    await bus.idle()
    expect(ada.handled.length).toBe(5)
    const operations = new Set(simulator.asked.map(({ operation }) => operation))
    expect(operations.size).toBe(6)
    expect(await runSdk(['check'], JSON.stringify(simulator.asked))).toEqual({ checked: true })
  }, 120_000)

  it('sends again only the entries that were left over', async () => {
    await using bus = await openNew()
    const ada = listener('orders.ada')
    await bus.subscribe(ada.consumer)
    simulator.leaveNext(2, 'InternalException')
    await bus.publish(toldMany('order-1', 5))
    const puts = simulator.asked.slice(-2).map(({ input }) => input)
    expect(puts).toMatchObject([{ Entries: { length: 5 } }, { Entries: { length: 2 } }])
    await bus.idle()
    expect(ada.handled).toEqual(toldMany('order-1', 5).map(({ id }) => id))
  })

  it('is tried again while it is throttled or ill, and by its own time where ours is off', async () => {
    await using bus = await openNew()
    simulator.refuseNext('PutEvents', 'ThrottlingException', 'InternalException')
    await bus.publish([told('order-1', 1)])
    simulator.setClock(3_600_000)
    await bus.publish([told('order-1', 2)])
    simulator.setClock(0)
    await bus.publish([told('order-1', 3)])
    const { events } = await bus.archive({ limit: 10 })
    expect(events.map(({ id }) => id)).toEqual(['order-1@1', 'order-1@2', 'order-1@3'])
  })

  it('says what to do when it refuses us, is missing, or is asked for too much', async () => {
    await using bus = await openNew()
    simulator.refuseNext('PutEvents', 'AccessDeniedException')
    await expect(bus.publish([told('order-1', 1)])).rejects.toMatchObject({ code: 'BAD_CONFIG' })
    simulator.refuseNext('PutEvents', 'InvalidInputException')
    await expect(bus.publish([told('order-1', 2)])).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    const custom = customBusAt(simulator.endpoint)
    const name = await aws.newBus()
    await using nowhere = openEventBridgeBus({ ...still, name, clients: aws.clients, custom })
    await expect(nowhere.publish([told('order-1', 1)])).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringContaining(`"${name}"`),
    })
    const greedy = { ...listener('orders.greedy').consumer, pattern: { source: ['x'.repeat(5000)] } }
    await expect(bus.subscribe(greedy)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  it('takes a new role for a known subscriber, and finds a bus that was made anew', async () => {
    const name = newName()
    await using first = open(name)
    await first.create()
    const ada = listener('orders.ada')
    await (await first.subscribe(ada.consumer))[Symbol.asyncDispose]()
    await first.publish([told('order-1', 1)])
    simulator.ledger.buses.delete(name)
    const roleArn = 'arn:aws:iam::123456789012:role/another'
    const custom = { ...customBusAt(simulator.endpoint), roleArn }
    await using second = openEventBridgeBus({ ...still, name, clients: aws.clients, custom })
    await second.create()
    await expect(first.publish([told('order-1', 2)])).rejects.toMatchObject({ code: 'BAD_CONFIG' })
    await first.publish([told('order-1', 3)])
    for (let i = 0; i < 2; i++) await (await second.subscribe(ada.consumer))[Symbol.asyncDispose]()
    const roles = [...simulator.ledger.subscribers.values()]
      .filter((one) => one.name === resourceName(name, 'orders.ada'))
      .map((one) => one.roleArn)
    expect(roles).toEqual([customBusAt('').roleArn, roleArn])
    simulator.asked.length = 0
    await (await first.subscribe(ada.consumer))[Symbol.asyncDispose]()
    expect([...simulator.ledger.subscribers.values()].at(-1)?.roleArn).toBe(customBusAt('').roleArn)
  })

  it('is asked for more where it knows no wildcards, and only what was asked for is handled', async () => {
    const name = newName()
    await using bus = open(name)
    await bus.create()
    const pattern = { source: ['orders'], resources: [{ wildcard: 'order-*' }] }
    const ada = listener('orders.ada', { pattern })
    simulator.refuseNext('CreateSubscriber', 'ConcurrentModificationException')
    await bus.subscribe(ada.consumer)
    await bus.publish([told('order-1', 1), told('cart-1', 1)])
    await bus.idle()
    expect(ada.handled).toEqual(['order-1@1'])
    const named = [...simulator.ledger.subscribers.values()].filter(
      (one) => one.name === resourceName(name, 'orders.ada'),
    )
    expect(named.map((one) => JSON.parse(one.pattern))).toEqual([{ source: ['orders'] }])
    const dead = new GetQueueUrlCommand({ QueueName: `${resourceName(name, 'orders.ada')}-dead` })
    expect((await aws.clients.sqs.send(dead)).QueueUrl).toBeDefined()
  })

  sharedBusContract({
    serving: 'one',
    killed: 120,
    async share() {
      const name = newName()
      await using first = open(name)
      await first.create()
      const { moto, dynamodb } = aws.endpoints
      const main = new URL('../../../../test/handle-eventbridge-main.ts', import.meta.url).pathname
      return {
        open: (options) => open(name, { ...lively, ...options }),
        worker: [main, name, moto, dynamodb, simulator.endpoint],
        [Symbol.asyncDispose]: async () => {},
      }
    },
  })
})
