import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { LocalServer } from '@stoa/servers/local-server'
import { startMoto, whyNoMoto } from '@stoa/servers/moto'
import { orderSagaAsl } from './order-saga-asl.ts'

const reason = whyNoMoto()
const describeHere = reason ? describe.skip : describe

describeHere(reason ? `Step Functions is not tried: ${reason}` : 'the saga in Step Functions', () => {
  let server: LocalServer
  let sfn: SFNClient
  let queue = ''

  // moto runs the machines of one server once: a second execution it answers with an error of its own.
  beforeEach(async () => {
    server = await startMoto()
    const settings = { stepfunctions: { execute_state_machine: true } }
    await fetch(`${server.endpoint}/moto-api/config`, { method: 'POST', body: JSON.stringify(settings) })
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
    const client = { endpoint: server.endpoint, region: 'us-east-1', credentials }
    sfn = new SFNClient(client)
    queue = String((await sqs('CreateQueue', { QueueName: 'order-saga' }))['QueueUrl'])
  })
  afterEach(async () => {
    sfn.destroy()
    await server[Symbol.asyncDispose]()
  })

  /** The wire of SQS, for three calls; moto looks at no signature. */
  async function sqs(operation: string, input: object): Promise<Record<string, unknown>> {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${operation}`,
      authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/sqs/aws4_request, Signature=none',
    }
    const answer = await fetch(server.endpoint, { method: 'POST', headers, body: JSON.stringify(input) })
    const text = await answer.text()
    return text === '' ? {} : JSON.parse(text)
  }

  /** Serves the queue: answers each step with the next of these facts. Tells which steps asked. */
  async function tell(facts: readonly string[]): Promise<string[]> {
    const steps: string[] = []
    for (const fact of facts) {
      const { step, token } = await nextTask()
      steps.push(step)
      await sfn.send(new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify({ fact }) }))
    }
    return steps
  }

  async function nextTask(): Promise<{ step: string; token: string }> {
    for (;;) {
      const { Messages = [] } = await sqs('ReceiveMessage', { QueueUrl: queue, WaitTimeSeconds: 1 })
      const [message] = Array.isArray(Messages) ? Messages : []
      if (!message?.Body) continue
      await sqs('DeleteMessage', { QueueUrl: queue, ReceiptHandle: message.ReceiptHandle })
      const { step, token, orderId } = JSON.parse(message.Body)
      expect(orderId).toBe('O-1')
      return { step, token }
    }
  }

  async function start(): Promise<string> {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as CloudFormation fills it in
    const definition = JSON.stringify(orderSagaAsl()).replaceAll('${SagaQueueUrl}', queue)
    const machine = {
      name: 'order-saga',
      definition,
      roleArn: 'arn:aws:iam::123456789012:role/saga',
    }
    const { stateMachineArn } = await sfn.send(new CreateStateMachineCommand(machine))
    const detail = { orderId: 'O-1', meta: { correlationId: 'R-1' } }
    const input = JSON.stringify({ source: 'orders', 'detail-type': 'OrderCreated', detail })
    const { executionArn = '' } = await sfn.send(
      new StartExecutionCommand({ stateMachineArn, input, name: 'O-1' }),
    )
    return executionArn
  }

  async function ended(executionArn: string): Promise<string | undefined> {
    for (;;) {
      const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn }))
      if (status !== 'RUNNING') return status
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  it('takes an order to its end', async () => {
    const execution = await start()
    const course = [
      'OrderProcessed',
      'ShipmentPrepared',
      'ShipmentProcessed',
      'OrderFulfilled',
      'PaymentCaptured',
      'OrderPosted',
    ]
    expect(await tell(course)).toEqual([
      'AuthorisePayment',
      'ReserveStock',
      'SendGoods',
      'SendGoods',
      'CapturePayment',
      'PostOrder',
    ])
    expect(await ended(execution)).toBe('SUCCEEDED')
  })

  it('gives the money back when there is no stock', async () => {
    const execution = await start()
    const course = ['OrderProcessed', 'OrderCancelled', 'PaymentVoided']
    expect(await tell(course)).toEqual(['AuthorisePayment', 'ReserveStock', 'VoidPayment'])
    expect(await ended(execution)).toBe('SUCCEEDED')
  })

  it('asks a person about a fact that does not belong there', async () => {
    const execution = await start()
    await tell(['OrderPosted'])
    expect(await ended(execution)).toBe('FAILED')
  })
})
