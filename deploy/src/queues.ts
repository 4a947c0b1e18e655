import { Duration } from 'aws-cdk-lib'
import { CfnRule } from 'aws-cdk-lib/aws-events'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
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
}

export interface QueueParts {
  readonly environment: Environment
  readonly key: IKey
  readonly bus: Bus
}

/** A rule, a queue and a dead-letter queue for each durable consumer. */
export function createQueues(scope: Construct, parts: QueueParts): readonly ConsumerQueue[] {
  return allConsumers.map((consumer) => {
    const queue = consumerQueue(scope, consumer, parts)
    addRule(scope, queue, parts)
    return queue
  })
}

function consumerQueue(
  scope: Construct,
  consumer: Consumer,
  { environment, key }: QueueParts,
): ConsumerQueue {
  const names = namesOf(environment)
  const common: QueueProps = {
    encryption: QueueEncryption.KMS,
    encryptionMasterKey: key,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  }
  const dead = new Queue(scope, `${consumer.name}-dead`, {
    ...common,
    queueName: names.deadLetters(consumer.name),
  })
  const queue = new Queue(scope, consumer.name, {
    ...common,
    queueName: names.queue(consumer.name),
    visibilityTimeout: Duration.seconds(VISIBLE_AGAIN_SECONDS),
    receiveMessageWaitTime: Duration.seconds(20),
    deadLetterQueue: { queue: dead, maxReceiveCount: TRIES },
  })
  return { consumer, queue, dead }
}

/** Longer than a try may take (30 s), so that nobody is told twice at once. */
const VISIBLE_AGAIN_SECONDS = 60
/** As many as the bus port's retry policy has. */
const TRIES = 185

function addRule(
  scope: Construct,
  { consumer, queue }: ConsumerQueue,
  { environment, bus }: QueueParts,
): void {
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
