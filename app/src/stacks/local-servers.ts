import type { Env } from '@stoa/platform/subgraph'
import { startDynamodbLocal, whyNoDynamodbLocal } from '@stoa/servers/dynamodb-local'
import { startGremlin, whyNoGremlin } from '@stoa/servers/gremlin'
import { startKafka, whyNoKafka } from '@stoa/servers/kafka'
import type { LocalServer } from '@stoa/servers/local-server'
import { startMoto, whyNoMoto } from '@stoa/servers/moto'
import { startPostgres, whyNoPostgres } from '@stoa/servers/postgres'
import { openAll } from '../open-all.ts'

/** Real servers on this machine, to try a stack on; their data goes with them. */
export interface LocalServers extends AsyncDisposable {
  /** Where they are, by the variables that would name a retailer's own. */
  readonly env: Env
  /** By what they are called, for whoever wants to see one die. */
  readonly servers: Readonly<Record<string, LocalServer>>
}

/** Why a stack's servers cannot run on this machine; undefined when they can. */
export function whyNoServers(stack: 'open' | 'aws'): string | undefined {
  const needed =
    stack === 'open'
      ? [whyNoPostgres, whyNoKafka, whyNoGremlin]
      : [whyNoDynamodbLocal, whyNoMoto, whyNoGremlin]
  const reasons = new Set(needed.flatMap((whyNot) => whyNot() ?? []))
  return reasons.size === 0 ? undefined : [...reasons].join('; ')
}

export async function startOpenServers(): Promise<LocalServers> {
  return await startAll({ postgres: startPostgres, kafka: startKafka, gremlin: startGremlin }, (at) => ({
    DATABASE_URL: at.postgres,
    KAFKA_BROKERS: at.kafka,
    KAFKA_PARTITIONS: '3',
    KAFKA_REPLICAS: '1',
    GRAPH_URL: at.gremlin,
  }))
}

export interface AwsServersOptions {
  /** Whether data outlives `kill`; DynamoDB Local is three times as slow then. Default: no. */
  readonly durable?: boolean
}

export async function startAwsServers(options: AwsServersOptions = {}): Promise<LocalServers> {
  const dynamodb = (): Promise<LocalServer> => startDynamodbLocal(options)
  const moto = (): Promise<LocalServer> => startMoto({ forgets: !options.durable })
  return await startAll({ dynamodb, moto, gremlin: startGremlin }, (at) => ({
    STOA_PREFIX: 'stoa-',
    STOA_CREATE: 'true',
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: at.dynamodb,
    AWS_ENDPOINT_URL_EVENTBRIDGE: at.moto,
    AWS_ENDPOINT_URL_SQS: at.moto,
    GRAPH_URL: at.gremlin,
  }))
}

async function startAll<Name extends string>(
  starters: Readonly<Record<Name, () => Promise<LocalServer>>>,
  toEnv: (endpoints: Readonly<Record<Name, string>>) => Env,
): Promise<LocalServers> {
  await using opening = new AsyncDisposableStack()
  const names = Object.keys(starters) as Name[]
  const started = await openAll(
    opening,
    names.map((name) => starters[name]()),
  )
  // One for each name, by construction.
  const servers = Object.fromEntries(names.map((name, i) => [name, started[i]])) as Record<Name, LocalServer>
  const endpoints = Object.fromEntries(names.map((name) => [name, servers[name].endpoint]))
  const owner = opening.move()
  return {
    servers,
    env: toEnv(endpoints as Record<Name, string>),
    [Symbol.asyncDispose]: () => owner.disposeAsync(),
  }
}
