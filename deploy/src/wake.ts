import { Duration, Stack } from 'aws-cdk-lib'
import { CfnRule } from 'aws-cdk-lib/aws-events'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { CfnEventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda'
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { namesOf } from './names.ts'
import { queuesOf } from './queues.ts'
import { may } from './rights.ts'
import type { ServiceParts } from './service-parts.ts'

export interface WakeParts extends ServiceParts {
  readonly reaction: IFunction
}

/** How long the function may run at once. */
export const FUNCTION_SECONDS = 120
/** How long the first of some bells waits for others. */
const GATHER_SECONDS = 2
/** A bell that nobody heard for so long was rung again by the schedule. */
const RINGS_FOR = Duration.minutes(5)

/** Rings when something is told that concerns the subgraph, and once a minute for what waits for another try. */
export function wake(scope: Construct, name: string, parts: WakeParts): void {
  const { environment, reaction } = parts
  const bells = new Queue(scope, `${name}-wake`, {
    queueName: `${namesOf(environment).prefix}wake-${name}`,
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: RINGS_FOR,
    // Lambda asks for no less than the function's own time.
    visibilityTimeout: Duration.seconds(FUNCTION_SECONDS),
  })
  ringFor(scope, name, bells, parts)
  const mapping = new CfnEventSourceMapping(scope, `${name}-wake-mapping`, {
    functionName: reaction.functionArn,
    eventSourceArn: bells.queueArn,
    batchSize: 1000,
    maximumBatchingWindowInSeconds: GATHER_SECONDS,
    // The least there is. The second is refused while one runs, and its bells ring again later.
    scalingConfig: { maximumConcurrency: 2 },
  })
  const hearing = may(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [bells.queueArn])
  reaction.addToRolePolicy(hearing)
  if (reaction.role) mapping.node.addDependency(reaction.role)
  ringEachMinute(scope, name, parts)
}

/** One rule for all its consumers: by type alone, as a bell too many does no harm. */
function ringFor(scope: Construct, name: string, bells: Queue, { bus, queues }: WakeParts): void {
  const types = queuesOf(queues, name).flatMap(({ consumer }) => typesOf(consumer.pattern))
  const rule = new CfnRule(scope, `${name}-wake-rule`, {
    description: `Wakes the reactions of ${name}.`,
    eventBusName: bus.bus.eventBusName,
    eventPattern: { 'detail-type': [...new Set(types)].toSorted() },
    targets: [
      {
        id: 'wake',
        arn: bells.queueArn,
        input: '{}',
        deadLetterConfig: { arn: bus.undelivered.queueArn },
      },
    ],
  })
  bells.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [bells.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rule.attrArn } },
    }),
  )
}

/** Throws for a consumer that asks for no types: nothing would wake it. */
function typesOf(pattern: object): readonly string[] {
  const types: unknown = Reflect.get(pattern, 'detail-type')
  if (Array.isArray(types) && types.every((type) => typeof type === 'string')) return types
  throw new TypeError('A consumer on Lambda must name the types it asks for, or its bell cannot be hung.')
}

function ringEachMinute(scope: Construct, name: string, { environment, reaction }: WakeParts): void {
  const account = Stack.of(scope).account
  const ringer = new Role(scope, `${name}-ringer`, {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    }),
  })
  ringer.addToPolicy(may(['lambda:InvokeFunction'], [reaction.functionArn]))
  const minutely = new CfnSchedule(scope, `${name}-each-minute`, {
    name: `stoa-${environment.name}-reactions-${name}`,
    description: `Wakes the reactions of ${name} for what waits for another try.`,
    scheduleExpression: 'rate(1 minute)',
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn: reaction.functionArn,
      roleArn: ringer.roleArn,
      input: '{}',
      retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
    },
  })
  minutely.node.addDependency(ringer)
}
