import { ListTargetsByRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge'
import { GetQueueAttributesCommand, GetQueueUrlCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type AwsBench, awsClients, startAwsBench, whyNoAwsBench } from '../../../test/aws-bench.ts'
import { systemClock } from '../../clock.ts'
import { type EventBridgeBus, openEventBridgeBus } from '../../event-bus.eventbridge.ts'
import { silentLog } from '../../log.ts'
import { systemRandom } from '../../random.ts'
import { listener, told } from '../contract/bench.contract.ts'
import type { EventBridgeClients } from './parts.ts'
import { resourceName } from './rule.ts'

const reason = whyNoAwsBench()
const describeHere = reason ? describe.skip : describe
const still = { graceMs: 0, sweepEveryMs: 1e9, waitSeconds: 0, shards: 1 }

describeHere(
  reason ? `Deployed queues are not tried: ${reason}` : 'what a deployment made of a consumer',
  () => {
    let aws: AwsBench
    let clients: EventBridgeClients

    beforeAll(async () => {
      aws = await startAwsBench()
      clients = awsClients(aws.endpoints)
    })

    afterAll(async () => {
      for (const client of Object.values(clients)) client.destroy()
      await aws[Symbol.asyncDispose]()
    })

    function open(name: string): EventBridgeBus {
      const ports = { clock: systemClock, random: systemRandom, log: silentLog }
      return openEventBridgeBus({ ...ports, ...still, name, clients })
    }

    it('stays as it is when the consumer subscribes: its policy, and the dead letters of its rule', async () => {
      const bus = await aws.newBus()
      const ada = listener('orders.ada')
      await using first = open(bus)
      await (await first.subscribe(ada.consumer))[Symbol.asyncDispose]()
      const name = resourceName(bus, 'orders.ada')
      const deployed = await deployMore(clients, bus, name)
      await using second = open(bus)
      await using _again = await second.subscribe(ada.consumer)
      expect(await stateOf(clients, bus, name)).toEqual(deployed)
      await second.publish([told('order-1', 1)])
      await second.idle()
      expect(ada.handled).toEqual(['order-1@1'])
    })
  },
)

/** As deploy/ does: nobody comes without TLS, and the rule keeps what it cannot hand over. */
async function deployMore({ sqs, events }: EventBridgeClients, bus: string, name: string): Promise<object> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }))
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  )
  const policy = JSON.parse(Attributes['Policy'] ?? '{}')
  policy.Statement.push({ Sid: 'tls', Effect: 'Deny', Principal: '*', Action: 'sqs:*' })
  policy.Statement[1].Condition = { Bool: { 'aws:SecureTransport': 'false' } }
  const more = { Policy: JSON.stringify(policy) }
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: more }))
  const Arn = Attributes['QueueArn'] ?? ''
  const Targets = [{ Id: 'queue', Arn, DeadLetterConfig: { Arn: `${Arn}-dead` } }]
  await events.send(new PutTargetsCommand({ Rule: name, EventBusName: bus, Targets }))
  return await stateOf({ sqs, events }, bus, name)
}

async function stateOf(
  { sqs, events }: Pick<EventBridgeClients, 'sqs' | 'events'>,
  bus: string,
  name: string,
): Promise<object> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }))
  const AttributeNames = ['Policy'] as const
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
  )
  const { Targets } = await events.send(new ListTargetsByRuleCommand({ Rule: name, EventBusName: bus }))
  return { policy: JSON.parse(Attributes['Policy'] ?? '{}'), Targets }
}
