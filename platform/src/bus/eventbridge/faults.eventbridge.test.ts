import { setTimeout as wait } from 'node:timers/promises'
import { DeleteRuleCommand, RemoveTargetsCommand } from '@aws-sdk/client-eventbridge'
import { DeleteQueueCommand, GetQueueUrlCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type AwsBench, awsClients, startAwsBench, whyNoAwsBench } from '../../../test/aws-bench.ts'
import { type Answer, type AwsProxy, failure, startAwsProxy, type Wire } from '../../../test/aws-proxy.ts'
import { systemClock } from '../../clock.ts'
import { type EventBridgeBus, openEventBridgeBus } from '../../event-bus.eventbridge.ts'
import { silentLog } from '../../log.ts'
import { systemRandom } from '../../random.ts'
import { listener, told, toldMany } from '../contract/bench.contract.ts'
import type { EventBridgeClients } from './parts.ts'
import { resourceName } from './rule.ts'

const reason = whyNoAwsBench()
const describeHere = reason ? describe.skip : describe

/** Real time, in a hurry. */
const ports = { clock: systemClock, random: systemRandom, log: silentLog }
const hurried = {
  ...ports,
  graceMs: 4000,
  sweepEveryMs: 300,
  waitSeconds: 1,
  leaseMs: 3000,
  shards: 2,
  closeMs: 100,
}
/** Queues are asked by `idle` alone, and the log is not swept until then. */
const still = { ...ports, graceMs: 0, sweepEveryMs: 1e9, waitSeconds: 0, shards: 1 }

describeHere(reason ? `EventBridge's faults are not tried: ${reason}` : 'the bus on a bad day', () => {
  let aws: AwsBench
  let proxy: AwsProxy
  let clients: EventBridgeClients

  beforeAll(async () => {
    aws = await startAwsBench()
    proxy = await startAwsProxy(aws.endpoints.moto)
    clients = awsClients(aws.endpoints, proxy.endpoint)
  })

  afterAll(async () => {
    for (const client of Object.values(clients)) client.destroy()
    await proxy[Symbol.asyncDispose]()
    await aws[Symbol.asyncDispose]()
  })

  async function open(options: object = still): Promise<EventBridgeBus & { readonly name: string }> {
    const name = await aws.newBus()
    return { ...openEventBridgeBus({ ...still, ...options, name, clients }), name }
  }

  it('sends again only the entries that were left over', async () => {
    await using bus = await open()
    const ada = listener('orders.ada')
    await bus.subscribe(ada.consumer)
    const sent: number[] = []
    proxy.next('PutEvents', leaving(7, sent), leaving(2, sent))
    await bus.publish(toldMany('order-1', 10))
    expect(sent).toEqual([10, 7])
    await bus.idle()
    expect(ada.handled).toEqual(toldMany('order-1', 10).map(({ id }) => id))
  })

  it('tells in order and once what comes late, twice and in the wrong order', async () => {
    await using bus = await open()
    const ada = listener('orders.ada')
    await bus.subscribe(ada.consumer)
    const late: Wire[] = []
    proxy.next('PutEvents', keeping(late), twice, keeping(late))
    for (const version of [1, 2, 3]) await bus.publish([told('order-1', version)])
    await bus.arrived()
    for (const wire of late.toReversed()) await passOn(wire)
    await bus.idle()
    await bus.publish([told('order-1', 4)])
    await bus.idle()
    expect(ada.handled).toEqual([1, 2, 3, 4].map((n) => `order-1@${n}`))
  })

  it('heals a lost event by the next one of its stream, without looking through the log', async () => {
    await using bus = await open({ ...still, graceMs: 15_000 })
    const ada = listener('orders.ada')
    await bus.subscribe(ada.consumer)
    proxy.next('PutEvents', keeping([]))
    await bus.publish([told('order-1', 1)])
    await bus.publish([told('order-1', 2)])
    await bus.idle()
    expect(ada.handled).toEqual(['order-1@1', 'order-1@2'])
  })

  it('heals the last event of a stream by looking through the log', async () => {
    await using bus = await open(hurried)
    const ada = listener('orders.ada')
    await bus.subscribe(ada.consumer)
    proxy.next('PutEvents', keeping([]))
    await bus.publish([told('order-1', 1)])
    await eventually(() => ada.handled.length === 1, 'the lost event')
    await bus.publish([told('order-1', 2)])
    await eventually(() => ada.handled.length === 2, 'the next event')
    expect(ada.handled).toEqual(['order-1@1', 'order-1@2'])
  })

  it('goes on when its queue or its rule is gone: events are read from the log until it is subscribed anew', async () => {
    await using bus = await open(hurried)
    const ada = listener('orders.ada')
    const subscription = await bus.subscribe(ada.consumer)
    const name = resourceName(bus.name, 'orders.ada')
    const { QueueUrl } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName: name }))
    await clients.sqs.send(new DeleteQueueCommand({ QueueUrl }))
    const rule = { Rule: name, EventBusName: bus.name }
    await clients.events.send(new RemoveTargetsCommand({ ...rule, Ids: ['queue'] }))
    await clients.events.send(new DeleteRuleCommand({ Name: name, EventBusName: bus.name }))
    await bus.publish([told('order-1', 1)])
    await eventually(() => ada.handled.length === 1, 'the event without a queue')
    await subscription[Symbol.asyncDispose]()
    await bus.subscribe(ada.consumer)
    await bus.publish([told('order-1', 2)])
    await eventually(() => ada.handled.length === 2, 'the event of the new queue')
    expect(ada.handled).toEqual(['order-1@1', 'order-1@2'])
  })

  it('leaves what is none of ours in the queue, for SQS to move away, and goes on', async () => {
    await using bus = await open()
    const ada = listener('orders.ada')
    await bus.subscribe(ada.consumer)
    const QueueName = resourceName(bus.name, 'orders.ada')
    const { QueueUrl } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName }))
    await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"source":"orders"' }))
    await bus.publish([told('order-1', 1)])
    await bus.idle()
    expect(ada.handled).toEqual(['order-1@1'])
  })

  it('is told of by its publisher again after a failure between log and EventBridge, and told once', async () => {
    await using bus = await open()
    const ada = listener('orders.ada')
    await bus.subscribe(ada.consumer)
    proxy.next('PutEvents', failure('AccessDeniedException'))
    const event = told('order-1', 1)
    await expect(bus.publish([event])).rejects.toMatchObject({ code: 'BAD_CONFIG' })
    await bus.publish([event])
    await bus.publish([event])
    await bus.idle()
    expect(ada.handled).toEqual(['order-1@1'])
    expect((await bus.archive({ limit: 10 })).events).toEqual([event])
  })

  it.each([
    ['ThrottlingException', 1, undefined],
    ['InternalException', 1, undefined],
    ['ExpiredTokenException', 9, { code: 'BAD_CONFIG', message: expect.stringContaining('expired') }],
    ['UnrecognizedClientException', 9, { code: 'BAD_CONFIG' }],
    ['RequestExpired', 9, { code: 'BAD_CONFIG', message: expect.stringContaining('NTP') }],
    ['ResourceNotFoundException', 9, { code: 'BAD_CONFIG', message: expect.stringContaining('bus') }],
  ])('has a code for %s', async (name, times, fault) => {
    await using bus = await open()
    const count = fault ? 2 : times
    proxy.next('PutEvents', ...Array.from({ length: count }, () => failure(name)))
    const publishing = bus.publish([told('order-1', 1)])
    if (fault) await expect(publishing).rejects.toMatchObject(fault)
    else await publishing
    // Where it is given up on at once, one of the failures is left.
    await bus.publish([told('order-1', 1)]).catch(() => {})
  })

  it('says which event is too large, and writes nothing', async () => {
    await using bus = await open()
    const large = told('order-1', 2, { data: { text: 'x'.repeat(380_000) } })
    await expect(bus.publish([told('order-1', 1), large])).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringMatching(
        /^The event order-1@2 has 38\d{4} bytes; the bus takes 380000\. Put what is large into S3/,
      ),
    })
    expect((await bus.archive({ limit: 1 })).events).toEqual([])
  })

  it('says which resource is missing', async () => {
    await using bus = openEventBridgeBus({ ...still, name: 'nowhere', clients })
    await expect(bus.publish([told('order-1', 1)])).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringContaining('table'),
    })
  })

  it('has EventBridge replay its own archive to one consumer, marked', async () => {
    await using bus = await open()
    const [ada, bo] = [listener('orders.ada'), listener('orders.bo')]
    await bus.ensureArchive({ name: `${bus.name}-all` })
    await bus.ensureArchive({ name: `${bus.name}-all` })
    for (const { consumer } of [ada, bo]) await bus.subscribe(consumer)
    const from = Date.now() - 60_000
    await bus.publish(toldMany('order-1', 2))
    await bus.idle()
    const replay = {
      name: 'again',
      archive: `${bus.name}-all`,
      consumer: 'orders.ada',
      from,
      to: Date.now() + 60_000,
    }
    await bus.startReplay(replay)
    await bus.publish([told('order-2', 1)])
    await bus.idle()
    expect(ada.tellings.filter((telling) => telling.replay).map(({ event }) => event.id)).toEqual([
      'order-1@1',
      'order-1@2',
    ])
    await expect(bus.startReplay(replay)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  async function passOn({ headers, body }: Wire): Promise<void> {
    await fetch(aws.endpoints.moto, { method: 'POST', headers, body })
  }
})

/** Takes all but the last `count` entries. */
function leaving(count: number, sent: number[]) {
  return async (wire: Wire, pass: (wire: Wire) => Promise<Answer>): Promise<Answer> => {
    const { Entries } = JSON.parse(wire.body)
    sent.push(Entries.length)
    const taken = Entries.slice(0, Entries.length - count)
    const answer = await pass({ ...wire, body: JSON.stringify({ Entries: taken }) })
    const results = JSON.parse(answer.body).Entries
    const left = Array.from({ length: count }, () => ({
      ErrorCode: 'ThrottlingException',
      ErrorMessage: 'slow',
    }))
    return { status: 200, body: JSON.stringify({ FailedEntryCount: count, Entries: [...results, ...left] }) }
  }
}

/** Answers as if all were well, and hands nothing on. */
function keeping(kept: Wire[]) {
  return async (wire: Wire): Promise<Answer> => {
    kept.push(wire)
    const Entries = JSON.parse(wire.body).Entries.map((_: unknown, i: number) => ({ EventId: `lost-${i}` }))
    return { status: 200, body: JSON.stringify({ FailedEntryCount: 0, Entries }) }
  }
}

async function twice(wire: Wire, pass: (wire: Wire) => Promise<Answer>): Promise<Answer> {
  await pass(wire)
  return await pass(wire)
}

async function eventually(check: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (check()) return
    await wait(100)
  }
  throw new Error(`Waited a minute in vain for ${what}.`)
}
