import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Admin, Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka'
import { startKafka, whyNoKafka } from '@stoa/servers/kafka'
import { freePort, type LocalServer } from '@stoa/servers/local-server'
import { eventually } from '../../../test/eventually.ts'
import { publishStubbornly } from '../../../test/publish-stubbornly.ts'
import { quickBroker, quickKafka } from '../../../test/quick-kafka.ts'
import { systemClock } from '../../clock.ts'
import { createVirtualClock } from '../../clock.virtual.ts'
import type { Envelope } from '../../event.ts'
import { type KafkaBusOptions, openKafkaBus } from '../../event-bus.kafka.ts'
import type { EventBus } from '../../event-bus.ts'
import { toFault } from '../../fault.ts'
import { silentLog } from '../../log.ts'
import { systemRandom } from '../../random.ts'
import { listener, told, toldMany } from '../contract/bench.contract.ts'

const reason = whyNoKafka()
const describeHere = reason ? describe.skip : describe

// They stand in one file, as a broker takes seconds to start and they can share one.

describeHere(reason ? `Kafka is not tried: ${reason}` : 'a Kafka bus and what can happen to it', () => {
  let server: LocalServer
  let prefixes = 0

  beforeAll(async () => {
    server = await startKafka({ settings: quickBroker })
  })

  afterAll(async () => {
    await server[Symbol.asyncDispose]()
  })

  function newPrefix(): string {
    prefixes += 1
    return `faults-${prefixes}.`
  }

  function open(more: Partial<KafkaBusOptions> = {}): Promise<EventBus> {
    const ports = { clock: systemClock, random: systemRandom, log: silentLog }
    return openKafkaBus({ ...ports, ...quickKafka, brokers: [server.endpoint], prefix: newPrefix(), ...more })
  }

  function client(): { clientId: string; bootstrapBrokers: string[] } {
    return { clientId: 'test', bootstrapBrokers: [server.endpoint] }
  }

  /** Everything in a topic, as somebody sees it who knows nothing of us. */
  async function readTopic(topic: string, count: number): Promise<readonly Read[]> {
    const consumer = new Consumer({
      ...client(),
      groupId: `reader-${topic}`,
      deserializers: stringDeserializers,
    })
    const stream = await consumer.consume({ topics: [topic], mode: 'earliest', maxWaitTime: 100 })
    const found: Read[] = []
    for await (const { key, value, headers } of stream) {
      found.push({ key, value, headers: Object.fromEntries(headers) })
      if (found.length === count) break
    }
    await consumer.close(true)
    return found
  }

  it('writes events as CloudEvents keyed by their stream, identity events in a topic of their own', async () => {
    const prefix = newPrefix()
    await using bus = await open({ prefix })
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const event = told('order-1', 3, {
      data: { total: 5, note: 'für Ada' },
      meta: { correlationId: 'R-1', causationId: 'E-0', traceparent },
    })
    await bus.publish([event, told('customer-1', 1, { source: 'identity', type: 'CustomerRegistered' })])
    expect(await readTopic(`${prefix}events`, 1)).toEqual([
      {
        key: 'order-1',
        value: '{"total":5,"note":"für Ada"}',
        headers: {
          'content-type': 'application/json',
          ce_specversion: '1.0',
          ce_id: 'order-1@3',
          ce_type: 'OrderCreated',
          ce_source: 'orders',
          ce_subject: 'order-1',
          ce_time: new Date(event.at).toISOString(),
          ce_dataschema: 'urn:stoa:events:1:OrderCreated',
          ce_streamversion: '3',
          ce_correlationid: 'R-1',
          ce_causationid: 'E-0',
          ce_traceparent: traceparent,
        },
      },
    ])
    const [identity] = await readTopic(`${prefix}identity`, 1)
    expect(identity?.headers['ce_type']).toBe('CustomerRegistered')
    expect((await bus.archive({ limit: 10 })).events).toContainEqual(event)
  })

  it('takes in events of other producers, and passes over what is none', async () => {
    const prefix = newPrefix()
    await using bus = await open({ prefix })
    const ada = listener('orders.ada', { pattern: { source: ['legacy'] } })
    await bus.subscribe(ada.consumer)
    const producer = new Producer({ ...client(), serializers: stringSerializers })
    const headers = {
      ce_id: 'L-1',
      ce_type: 'PriceChanged',
      ce_source: 'legacy',
      ce_subject: 'price-1',
      ce_time: '2026-01-05T09:00:00.000Z',
    }
    const topic = `${prefix}events`
    await producer.send({
      messages: [
        { topic, key: 'price-1', value: 'no JSON', headers },
        { topic, key: 'price-1', value: '{}' },
        { topic, key: 'price-1', value: '{"price":10}', headers },
      ],
    })
    await eventually(() => ada.tellings.length === 1, 'the event')
    expect(ada.tellings[0]?.event).toEqual({
      id: 'L-1',
      type: 'PriceChanged',
      at: Date.parse('2026-01-05T09:00:00.000Z'),
      stream: 'price-1',
      version: 0,
      source: 'legacy',
      data: { price: 10 },
      meta: { correlationId: 'L-1' },
    })
    await producer.close()
  })

  it('tells operators of dead letters in a topic, and of lag by the offsets of its groups', async () => {
    const prefix = newPrefix()
    await using bus = await open({ prefix })
    const ada = listener('orders.ada', { retry: { maxAttempts: 1 } }, ({ version }) => {
      if (version === 2) throw new Error('The warehouse is closed.')
    })
    const subscription = await bus.subscribe(ada.consumer)
    await bus.publish(toldMany('order-1', 5))
    await bus.idle()
    const [letter] = await readTopic(`${prefix}dead-letters`, 1)
    expect(letter).toMatchObject({
      key: 'order-1',
      headers: {
        ce_id: 'order-1@2',
        stoa_consumer: 'orders.ada',
        stoa_attempts: '1',
        stoa_errormessage: 'The warehouse is closed.',
        stoa_exhausted: 'attempts',
      },
    })
    await subscription[Symbol.asyncDispose]()
    const admin = new Admin(client())
    const [group] = await admin.listConsumerGroupOffsets({ groups: [`${prefix}orders.ada`] })
    const offsets = group?.topics.find(({ name }) => name === `${prefix}events`)?.partitions ?? []
    expect(offsets.map(({ committedOffset }) => committedOffset)).toContain(5n)
    await admin.close()
  })

  it('refuses an event that no topic takes before anything of its batch is sent', async () => {
    await using bus = await open()
    const huge = told('order-2', 1, { data: { photo: 'x'.repeat(1_100_000) } })
    await expect(bus.publish([told('order-1', 1), huge])).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      retryable: false,
      message: expect.stringMatching(
        /^Event order-2@1 \(OrderCreated\) takes 1100\d+ bytes, .* Put the large part/,
      ),
    })
    const many = Array.from({ length: 30 }, (_, i) =>
      told('order-3', i + 1, { data: { text: 'x'.repeat(100_000) } }),
    )
    await bus.publish(many)
    expect((await bus.archive({ limit: 1000, pattern: { resources: ['order-3'] } })).events).toEqual(many)
  })

  it('goes on when a dead letter is too large for the topic of copies', async () => {
    await using bus = await open()
    const ada = listener('orders.ada', { retry: { maxAttempts: 1 } }, ({ version }) => {
      if (version === 1) throw new Error('sick')
    })
    await bus.subscribe(ada.consumer)
    await bus.publish([told('order-1', 1, { data: { photo: 'x'.repeat(1_047_900) } }), told('order-1', 2)])
    await bus.idle()
    expect(ada.handled).toEqual(['order-1@2'])
    expect((await bus.deadLetters()).map(({ event }) => event.id)).toEqual(['order-1@1'])
  })

  it('does not start on topics that are missing, or are not what it needs', async () => {
    const prefix = newPrefix()
    await expect(open({ prefix, createTopics: false })).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringContaining(`${prefix}events (3 partitions, retention.ms=-1)`),
    })
    await (await open({ prefix }))[Symbol.asyncDispose]()
    await (await open({ prefix, createTopics: false }))[Symbol.asyncDispose]()
    await expect(open({ prefix, partitions: 4 })).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringContaining('to have 4 partitions, it has 3'),
    })
    const other = newPrefix()
    const admin = new Admin(client())
    await admin.createTopics({ topics: [`${other}events.state`], partitions: 3, replicas: 1 })
    await expect(open({ prefix: other })).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringContaining('to have cleanup.policy=compact, it has delete'),
    })
    await admin.close()
  })

  it('says that brokers do not answer', async () => {
    const nobody = `127.0.0.1:${await freePort()}`
    const away = { code: 'STORE_UNAVAILABLE', retryable: true, message: 'Kafka does not answer. Try again.' }
    await expect(open({ brokers: [nobody] })).rejects.toMatchObject(away)
  })

  it('says that its clock is wrong', async () => {
    const inThreeHours = Date.now() + 3 * 3_600_000
    await using bus = await open({ clock: createVirtualClock(inThreeHours), pollMs: 1e12 })
    await expect(bus.publish([told('order-1', 1, { at: inThreeHours })])).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringContaining('more than an hour apart'),
    })
  })

  it('goes on with what is left when retention has taken what was to be read', async () => {
    const prefix = newPrefix()
    const all = toldMany('order-1', 10)
    const before = await open({ prefix })
    for (const event of all) await before.publish([event])
    await before[Symbol.asyncDispose]()
    const admin = new Admin(client())
    const partitions = [0, 1, 2].map((partition) => ({ partition, offset: 6n }))
    for (const one of partitions) {
      await admin.deleteRecords({ topics: [{ name: `${prefix}events`, partitions: [one] }] }).catch(() => {})
    }
    await admin.close()
    await using bus = await open({ prefix })
    const ada = listener('orders.ada')
    await bus.subscribe(ada.consumer)
    await eventually(() => ada.handled.length === 4, 'what is left')
    expect((await bus.archive({ limit: 100 })).events).toEqual(all.slice(6))
  })

  it('says that a topic was deleted under it', async () => {
    const prefix = newPrefix()
    await using bus = await open({ prefix })
    await bus.publish([told('order-1', 1)])
    const admin = new Admin(client())
    await admin.deleteTopics({ topics: [`${prefix}events`] })
    await admin.close()
    let version = 1
    await eventually(async () => {
      version += 1
      const outcome = await bus.publish([told('order-1', version)]).then(() => undefined, toFault)
      return outcome?.code === 'STORE_UNAVAILABLE' && outcome.message.includes('not there any more')
    }, 'the fault')
  })

  it('loses nothing that it acknowledged when the broker is killed, and goes on by itself', async () => {
    const prefix = newPrefix()
    await using bus = await open({ prefix })
    const ada = listener('orders.ada', { concurrency: 4 }, () => wait(1))
    await bus.subscribe(ada.consumer)
    const acknowledged: string[] = []
    const codes = new Set<string>()
    const publish = async (event: Envelope): Promise<void> => {
      await publishStubbornly(bus, event, codes)
      acknowledged.push(event.id)
    }
    const publishing = Promise.all(
      ['a', 'b', 'c', 'd'].map(async (stream) => {
        for (const event of toldMany(stream, 100)) await publish(event)
      }),
    )
    await eventually(() => ada.handled.length > 40, 'the first events')
    await server.kill()
    await eventually(() => codes.size > 0, 'the outage to be noticed')
    await server.start()
    await publishing
    await eventually(() => new Set(ada.handled).size === 400, 'all events', 60_000)
    expect([...codes]).toEqual(['STORE_UNAVAILABLE'])
    const { events } = await bus.archive({ limit: 1000 })
    expect(events.map(({ id }) => id).toSorted()).toEqual(acknowledged.toSorted())
    for (const stream of ['a', 'b', 'c', 'd']) {
      const firsts = [...new Set(ada.handled)].filter((id) => id.startsWith(stream))
      expect(firsts).toEqual(toldMany(stream, 100).map(({ id }) => id))
    }
    await eventually(async () => (await bus.consumers())[0]?.lag === 0, 'the end')
  }, 120_000)

  it('ends although the broker is away', async () => {
    const bus = await open()
    const ada = listener('orders.ada')
    await bus.subscribe(ada.consumer)
    await bus.publish([told('order-1', 1)])
    await eventually(() => ada.handled.length === 1, 'the event')
    await server.kill()
    await bus[Symbol.asyncDispose]()
    await expect(bus.publish([told('order-1', 2)])).rejects.toMatchObject({ retryable: false })
  }, 60_000)
})

interface Read {
  readonly key: string
  readonly value: string
  readonly headers: Readonly<Record<string, string>>
}
