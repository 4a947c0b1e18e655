import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { SQSClient } from '@aws-sdk/client-sqs'
import { requireConfig } from '@stoa/platform/config'
import { type EventBridgeBusOptions, openEventBridgeBus } from '@stoa/platform/event-bus.eventbridge'
import { openDynamoStore } from '@stoa/platform/event-store.dynamodb'
import type { Env } from '@stoa/platform/subgraph'
import { z } from 'zod'
import type { EngineParts, Engines } from '../engines.ts'
import { awsCredentials, awsCredentialsShape, awsEndpoint } from './aws-access.ts'
import { prefix } from './prefix.ts'

const config = z.object({
  AWS_REGION: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
    .meta({ example: 'eu-west-1' }),
  ...awsCredentialsShape,
  AWS_ENDPOINT_URL_DYNAMODB: awsEndpoint,
  AWS_ENDPOINT_URL_EVENTBRIDGE: awsEndpoint,
  AWS_ENDPOINT_URL_EVENTBRIDGEV2: awsEndpoint,
  AWS_ENDPOINT_URL_SQS: awsEndpoint,
  /** Set: events are carried by the custom event bus of 2026, which takes this role to send to our queues. */
  STOA_EVENT_ROLE: z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/)
    .exactOptional()
    .meta({ example: 'arn:aws:iam::123456789012:role/stoa-carrier' }),
  /** Tables and the event bus are made by whoever deploys; `true` makes what is missing. */
  STOA_CREATE: z.enum(['true', 'false']).default('false').meta({ example: 'true' }),
  STOA_PREFIX: prefix,
})

type Settings = z.output<typeof config>

/** The AWS stack: DynamoDB keeps, EventBridge and SQS carry. The graph is read from the environment by who needs it. */
export function openAwsEngines(parts: EngineParts & { readonly env: Env }): Engines {
  const { clock, random, log } = parts
  const settings = requireConfig(config, parts.env)
  const { dynamodb, streams, events, sqs } = openClients(settings)
  const isMaker = settings.STOA_CREATE === 'true'
  const tools = { clock, random }
  return {
    env: {},
    async store(name) {
      const tablePrefix = `${settings.STOA_PREFIX}${name}-`
      const clients = { client: dynamodb, streamsClient: streams }
      const store = openDynamoStore({ ...tools, ...clients, tablePrefix, log: log.child({ store: name }) })
      if (isMaker) await store.createTables()
      return store
    },
    async bus() {
      const name = `${settings.STOA_PREFIX}bus`
      const clients = { dynamodb, events, sqs }
      const carrier = customBusOf(settings)
      const bus = openEventBridgeBus({ ...tools, ...carrier, clients, name, log: log.child({ part: 'bus' }) })
      if (isMaker) await bus.create()
      return bus
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of [dynamodb, streams, events, sqs]) client.destroy()
    },
  }
}

function customBusOf(settings: Settings): Pick<EventBridgeBusOptions, 'custom'> {
  const { STOA_EVENT_ROLE: roleArn, AWS_ENDPOINT_URL_EVENTBRIDGEV2: endpoint } = settings
  if (roleArn === undefined) return {}
  return { custom: { roleArn, ...(endpoint === undefined ? {} : { endpoint }) } }
}

/** Each consumer of the bus holds a long poll to its queue, beside what else it asks; the SDK's own limit is 50. */
const SQS_SOCKETS = 200

/** The ports retry with a budget of their own; the SDK's retries would only hide them from one another. */
function openClients(settings: Settings) {
  const sockets = { maxSockets: SQS_SOCKETS, keepAlive: true }
  const common = { region: settings.AWS_REGION, maxAttempts: 1, ...awsCredentials(settings) }
  const at = (url: string | undefined) => ({ ...common, ...(url === undefined ? {} : { endpoint: url }) })
  return {
    dynamodb: new DynamoDBClient(at(settings.AWS_ENDPOINT_URL_DYNAMODB)),
    streams: new DynamoDBStreamsClient(at(settings.AWS_ENDPOINT_URL_DYNAMODB)),
    events: new EventBridgeClient(at(settings.AWS_ENDPOINT_URL_EVENTBRIDGE)),
    sqs: new SQSClient({
      ...at(settings.AWS_ENDPOINT_URL_SQS),
      requestHandler: { httpAgent: sockets, httpsAgent: sockets },
    }),
  }
}
