import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Admin } from '@platformatic/kafka'
import { startKafkaCluster, whyNoKafka } from '@stoa/servers/kafka'
import type { LocalServer } from '@stoa/servers/local-server'
import { eventually } from '../../../test/eventually.ts'
import { publishStubbornly } from '../../../test/publish-stubbornly.ts'
import { quickBroker, quickKafka } from '../../../test/quick-kafka.ts'
import { systemClock } from '../../clock.ts'
import { openKafkaBus } from '../../event-bus.kafka.ts'
import { silentLog } from '../../log.ts'
import { systemRandom } from '../../random.ts'
import { listener, toldMany } from '../contract/bench.contract.ts'

const reason = whyNoKafka()
const describeHere = reason ? describe.skip : describe

describeHere(reason ? `Kafka is not tried: ${reason}` : 'a Kafka bus on three brokers', () => {
  let servers: readonly LocalServer[] = []

  beforeAll(async () => {
    servers = await startKafkaCluster(3, { settings: quickBroker })
  }, 120_000)

  afterAll(async () => {
    await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()))
  })

  it('goes on with the new leader when the leader of a partition is killed, and loses nothing', async () => {
    const brokers = servers.map(({ endpoint }) => endpoint)
    const ports = { clock: systemClock, random: systemRandom, log: silentLog }
    const copies = { partitions: 1, replicas: 3, minInsyncReplicas: 2 }
    await using bus = await openKafkaBus({ ...ports, ...quickKafka, ...copies, brokers })
    const ada = listener('orders.ada')
    await bus.subscribe(ada.consumer)
    const all = toldMany('order-1', 120)
    const codes = new Set<string>()
    for (const event of all) {
      if (event.version === 40) await (await leaderOf('stoa.events')).kill()
      await publishStubbornly(bus, event, codes)
    }
    expect([...codes].filter((code) => code !== 'STORE_UNAVAILABLE')).toEqual([])
    expect((await bus.archive({ limit: 1000 })).events).toEqual(all)
    const ids = all.map(({ id }) => id)
    await eventually(() => new Set(ada.handled).size === ids.length, 'all events', 60_000)
    expect([...new Set(ada.handled)]).toEqual(ids)
  }, 180_000)

  async function leaderOf(topic: string): Promise<LocalServer> {
    const bootstrapBrokers = servers.map(({ endpoint }) => endpoint)
    const admin = new Admin({ clientId: 'test', bootstrapBrokers })
    const { topics, brokers } = await admin.metadata({ topics: [topic] })
    await admin.close()
    const leader = brokers.get(topics.get(topic)?.partitions[0]?.leader ?? -1)
    const server = servers.find(({ endpoint }) => endpoint === `${leader?.host}:${leader?.port}`)
    if (!server) throw new Error('Expected a leader.')
    return server
  }
})
