import { subgraphNames } from './names.ts'

/** Where the gateway listens in its container. */
export const gatewayPort = 4000

/** Where each subgraph listens, in its container and at the inner load balancer. */
export const subgraphPort: Readonly<Record<string, number>> = Object.fromEntries(
  subgraphNames.map((name, index) => [name, gatewayPort + 101 + index]),
)

/** Where the lake says that it is well; nobody else asks it anything. */
export const lakePort: number = gatewayPort + 100

/** Of the engines: Neptune, Valkey, PostgreSQL, and Kafka with SASL/SCRAM over TLS. */
export const dataPorts = { graph: 8182, cache: 6379, postgres: 5432, kafka: 9096 } as const
