import type { JsonObject } from '@stoa/platform/json'
import { type SagaStep, sagaSteps } from './saga-steps.ts'

/**
 * The saga in the Amazon States Language (https://states-language.net/spec.html). Started by `OrderCreated` as
 * EventBridge hands it on. Each step asks by a message on one queue and waits for an answer to its token:
 * `{"fact": "OrderProcessed"}`. `${SagaQueueUrl}` is filled in where the machine is deployed.
 */
export function orderSagaAsl(): JsonObject {
  return {
    Comment: 'The course of an order. Generated from subgraphs/orders/src/saga/saga-steps.ts.',
    StartAt: 'AuthorisePayment',
    States: {
      ...Object.fromEntries(sagaSteps.flatMap(statesOf)),
      Done: { Type: 'Succeed' },
      Cancelled: { Type: 'Succeed' },
      AskAPerson: {
        Type: 'Fail',
        Error: 'OrderStuck',
        Cause: 'A step was not answered, or with a fact that does not belong there. Look at the order.',
      },
    },
  }
}

function statesOf(step: SagaStep): [string, JsonObject][] {
  return [
    [step.name, ask(step)],
    [`${step.name}Ended`, choose(step)],
  ]
}

function ask({ name, says, withinS }: SagaStep): JsonObject {
  return {
    Type: 'Task',
    Comment: says,
    Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
    Parameters: {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: filled in by CloudFormation, not here
      QueueUrl: '${SagaQueueUrl}',
      MessageBody: {
        step: name,
        'orderId.$': '$.detail.orderId',
        'correlationId.$': '$.detail.meta.correlationId',
        'token.$': '$$.Task.Token',
      },
    },
    TimeoutSeconds: withinS,
    Retry: [
      // A time-out is not asked again: what was not answered in days needs eyes.
      { ErrorEquals: ['States.Timeout'], MaxAttempts: 0 },
      { ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 12 },
    ],
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'AskAPerson' }],
    ResultPath: '$.ended',
    Next: `${name}Ended`,
  }
}

function choose({ ways }: SagaStep): JsonObject {
  const byFact = new Map(ways.map(({ fact, next }) => [fact, next]))
  return {
    Type: 'Choice',
    Choices: [...byFact].map(([fact, next]) => ({
      Variable: '$.ended.fact',
      StringEquals: fact,
      Next: next,
    })),
    Default: 'AskAPerson',
  }
}
