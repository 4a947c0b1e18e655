import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { SQSClient } from '@aws-sdk/client-sqs'
import { startDynamodbLocal, whyNoDynamodbLocal } from '@stoa/servers/dynamodb-local'
import { startMoto, whyNoMoto } from '@stoa/servers/moto'
import type { EventBridgeClients } from '../src/bus/eventbridge/parts.ts'
import { systemClock } from '../src/clock.ts'
import { openEventBridgeBus } from '../src/event-bus.eventbridge.ts'
import { silentLog } from '../src/log.ts'
import { systemRandom } from '../src/random.ts'

/** EventBridge and SQS as moto plays them, and Amazon's DynamoDB Local. */
export interface AwsBench extends AsyncDisposable {
  readonly clients: EventBridgeClients
  /** Where the two listen: moto first. */
  readonly endpoints: AwsEndpoints
  /** The name of a bus whose resources are made. */
  newBus(): Promise<string>
}

export interface AwsEndpoints {
  readonly moto: string
  readonly dynamodb: string
}

export function whyNoAwsBench(): string | undefined {
  return whyNoMoto() ?? whyNoDynamodbLocal()
}

export async function startAwsBench(): Promise<AwsBench> {
  const servers = new AsyncDisposableStack()
  const moto = servers.use(await startMoto())
  const dynamodb = servers.use(await startDynamodbLocal())
  const endpoints = { moto: moto.endpoint, dynamodb: dynamodb.endpoint }
  const clients = awsClients(endpoints)
  let buses = 0
  return {
    clients,
    endpoints,
    async newBus() {
      buses += 1
      const name = `stoa-${buses}`
      const ports = { clock: systemClock, random: systemRandom, log: silentLog }
      await openEventBridgeBus({ ...ports, name, clients }).create()
      return name
    },
    async [Symbol.asyncDispose]() {
      for (const client of Object.values(clients)) client.destroy()
      await servers.disposeAsync()
    },
  }
}

/** One of moto's endpoints may stand behind a proxy. */
export function awsClients({ moto, dynamodb }: AwsEndpoints, events: string = moto): EventBridgeClients {
  return {
    dynamodb: new DynamoDBClient(clientConfig(dynamodb)),
    events: new EventBridgeClient(clientConfig(events)),
    sqs: new SQSClient(clientConfig(moto)),
  }
}

function clientConfig(endpoint: string) {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  return { endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 }
}
