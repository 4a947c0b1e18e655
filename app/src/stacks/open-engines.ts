import { requireConfig } from '@stoa/platform/config'
import { type KafkaBusOptions, openKafkaBus } from '@stoa/platform/event-bus.kafka'
import { openPostgresStore } from '@stoa/platform/event-store.postgres'
import { openPostgres } from '@stoa/platform/postgres-open'
import type { Env } from '@stoa/platform/subgraph'
import { z } from 'zod'
import type { EngineParts, Engines } from '../engines.ts'
import { prefix } from './prefix.ts'

const config = z.object({
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .meta({ example: 'postgres://stoa@db.example/stoa?sslmode=verify-full', secret: true }),
  DATABASE_CONNECTIONS: z.coerce.number().int().min(1).max(100).default(10).meta({ example: '10' }),
  KAFKA_BROKERS: z
    .string()
    .regex(/^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$/)
    .meta({ example: 'kafka-1.example:9092,kafka-2.example:9092' }),
  KAFKA_TLS: z.enum(['true', 'false']).default('false').meta({ example: 'true' }),
  /** With a user and a password: SCRAM-SHA-512, as MSK has it. */
  KAFKA_USER: z.string().exactOptional().meta({ example: 'stoa' }),
  KAFKA_PASSWORD: z.string().exactOptional(),
  KAFKA_PARTITIONS: z.coerce.number().int().min(1).max(200).default(12).meta({ example: '12' }),
  KAFKA_REPLICAS: z.coerce.number().int().min(1).max(9).default(3).meta({ example: '3' }),
  STOA_PREFIX: prefix,
})

/** The open stack: PostgreSQL keeps, Kafka carries. The graph is read from the environment by who needs it. */
export function openOpenEngines(parts: EngineParts & { readonly env: Env }): Engines {
  const { clock, random, log } = parts
  const settings = requireConfig(config, parts.env)
  const database = openPostgres({
    ...{ clock, random, log: log.child({ engine: 'postgres' }) },
    url: settings.DATABASE_URL,
    maxConnections: settings.DATABASE_CONNECTIONS,
  })
  const tools = { clock, random }
  return {
    env: {},
    store: (name) => {
      const schema = `${settings.STOA_PREFIX}${name}`
      return openPostgresStore({ ...tools, database, schema, log: log.child({ store: name }) })
    },
    bus: () => openKafkaBus({ ...tools, ...kafkaOptions(settings), log: log.child({ part: 'bus' }) }),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

function kafkaOptions(settings: z.output<typeof config>): Omit<KafkaBusOptions, 'clock' | 'random' | 'log'> {
  const { KAFKA_USER: username, KAFKA_PASSWORD: password, KAFKA_REPLICAS: replicas } = settings
  const isKnown = username !== undefined && password !== undefined
  return {
    brokers: settings.KAFKA_BROKERS.split(','),
    prefix: settings.STOA_PREFIX,
    partitions: settings.KAFKA_PARTITIONS,
    replicas,
    minInsyncReplicas: Math.min(2, replicas),
    ...(settings.KAFKA_TLS === 'true' ? { tls: {} } : {}),
    ...(isKnown ? { sasl: { mechanism: 'SCRAM-SHA-512', username, password } } : {}),
  }
}
