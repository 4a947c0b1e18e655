import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startKafka, whyNoKafka } from '@stoa/servers/kafka'
import type { LocalServer } from '@stoa/servers/local-server'
import { quickKafka } from '../../../test/quick-kafka.ts'
import { systemClock } from '../../clock.ts'
import { type KafkaBusOptions, openKafkaBus } from '../../event-bus.kafka.ts'
import type { EventBus } from '../../event-bus.ts'
import { silentLog } from '../../log.ts'
import { systemRandom } from '../../random.ts'
import { listener, told } from '../contract/bench.contract.ts'

const reason = whyNoKafka()
const describeHere = reason ? describe.skip : describe

/** A broker that wants passwords, and lets nobody do anything but the administrator. */
const guarded = {
  'listener.security.protocol.map': 'PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT',
  'inter.broker.listener.name': 'PLAINTEXT',
  'sasl.enabled.mechanisms': 'PLAIN',
  'sasl.mechanism.inter.broker.protocol': 'PLAIN',
  'listener.name.plaintext.plain.sasl.jaas.config':
    'org.apache.kafka.common.security.plain.PlainLoginModule required username="admin" password="a" user_admin="a" user_bo="b";',
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:admin;User:ANONYMOUS',
}

describeHere(reason ? `Kafka is not tried: ${reason}` : 'a Kafka bus on a guarded broker', () => {
  let server: LocalServer

  beforeAll(async () => {
    server = await startKafka({ settings: guarded })
  })

  afterAll(async () => {
    await server[Symbol.asyncDispose]()
  })

  function open(username: string, password: string, more: Partial<KafkaBusOptions> = {}): Promise<EventBus> {
    const ports = { clock: systemClock, random: systemRandom, log: silentLog }
    const sasl = { mechanism: 'PLAIN', username, password } as const
    return openKafkaBus({
      ...ports,
      ...quickKafka,
      sessionMs: 6000,
      brokers: [server.endpoint],
      sasl,
      ...more,
    })
  }

  it('comes in with the password, and carries events', async () => {
    await using bus = await open('admin', 'a')
    const ada = listener('orders.ada')
    await bus.subscribe(ada.consumer)
    await bus.publish([told('order-1', 1)])
    await bus.idle()
    expect(ada.handled).toEqual(['order-1@1'])
  })

  it('says that credentials do not hold', async () => {
    await expect(open('bo', 'wrong')).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      retryable: false,
      message: 'Kafka does not accept our credentials. Renew them and start again.',
    })
  })

  it('names the topics that it may neither see nor create', async () => {
    await expect(open('bo', 'b')).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringContaining('stoa.events (3 partitions'),
    })
  })
})
