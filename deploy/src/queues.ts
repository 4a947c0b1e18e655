import { Duration } from 'aws-cdk-lib'
import { CfnRule } from 'aws-cdk-lib/aws-events'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import type { Bus } from './bus.ts'
import type { Environment } from './environment.ts'
import { allConsumers, type Consumer, namesOf } from './names.ts'

/** Where one consumer's events wait, and where those it gave up on lie. */
export interface ConsumerQueue {
  readonly consumer: Consumer
  readonly queue: Queue
  readonly dead: Queue
  readonly ruleArn: string
}

export function queuesOf(queues: readonly ConsumerQueue[], subgraph: string): readonly ConsumerQueue[] {
  return queues.filter(({ consumer }) => consumer.subgraph === subgraph)
}

export interface QueueParts {
  readonly environment: Environment
  readonly bus: Bus
}

/** A rule, a queue and a dead-letter queue for each durable consumer. */
export function createQueues(scope: Construct, parts: QueueParts): readonly ConsumerQueue[] {
  return allConsumers.map((consumer) => {
    const queues = consumerQueues(scope, consumer, parts)
    return { consumer, ...queues, ruleArn: addRule(scope, consumer, queues.queue, parts) }
  })
}

function consumerQueues(
  scope: Construct,
  { name }: Consumer,
  { environment }: QueueParts,
): Pick<ConsumerQueue, 'queue' | 'dead'> {
  const names = namesOf(environment)
  const common: QueueProps = {
    // The bus says the same of its queues when it subscribes; a key of our own would be at odds with it.
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  }
  const dead = new Queue(scope, `${name}-dead`, {
    ...common,
    queueName: names.deadLetters(name),
  })
  const queue = new Queue(scope, name, {
    ...common,
    queueName: names.queue(name),
    visibilityTimeout: Duration.seconds(VISIBLE_AGAIN_SECONDS),
    receiveMessageWaitTime: Duration.seconds(20),
    deadLetterQueue: { queue: dead, maxReceiveCount: TRIES },
  })
  return { queue, dead }
}

/** Longer than a try may take (30 s), so that nobody is told twice at once. */
const VISIBLE_AGAIN_SECONDS = 60
/** Of what cannot even be parsed; tries of what can are counted in the bus's books, which have the dead letters, too. */
const TRIES = 20

function addRule(
  scope: Construct,
  consumer: Consumer,
  queue: Queue,
  { environment, bus }: QueueParts,
): string {
  const rule = new CfnRule(scope, `${consumer.name}-rule`, {
    name: namesOf(environment).queue(consumer.name),
    description: `what ${consumer.name} listens to`,
    eventBusName: bus.bus.eventBusName,
    eventPattern: consumer.pattern,
    targets: [
      {
        id: 'queue',
        arn: queue.queueArn,
        retryPolicy: { maximumRetryAttempts: 185, maximumEventAgeInSeconds: 86_400 },
        deadLetterConfig: { arn: bus.undelivered.queueArn },
      },
    ],
  })
  letRuleSend(queue, rule)
  return rule.attrArn
}

function letRuleSend(queue: Queue, rule: CfnRule): void {
  queue.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rule.attrArn } },
    }),
  )
}
