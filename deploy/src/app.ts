import { App, Stack, Tags } from 'aws-cdk-lib'
import { Repository, RepositoryEncryption, TagMutability } from 'aws-cdk-lib/aws-ecr'
import { type IKey, Key } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import { createAlarms } from './alarms.ts'
import { type Bus, createBus } from './bus.ts'
import { createCache } from './cache.ts'
import { watchCompaction } from './compaction.ts'
import { createDashboard } from './dashboard.ts'
import type { Environment } from './environment.ts'
import { watchErrors } from './errors-logged.ts'
import { createGraph } from './graph.ts'
import { createIdentity, type Identity } from './identity.ts'
import { createKafka } from './kafka.ts'
import { createKey } from './key.ts'
import { createLake } from './lake.ts'
import { removal } from './logs.ts'
import { createNetwork, type Network } from './network.ts'
import { createPostgres } from './postgres.ts'
import { type ConsumerQueue, createQueues } from './queues.ts'
import { letFunctionsPull } from './reactions-lambda.ts'
import { createSecrets, type Secrets } from './secrets.ts'
import type { ServiceParts } from './service-parts.ts'
import { createServices, type Services } from './services.ts'
import { createTables } from './tables.ts'
import { watchEngines, watchQueues, watchServices, watchTables } from './watched.ts'

export interface AppParts {
  readonly environments: readonly Environment[]
  /** Which build of the image runs. */
  readonly tag: string
  /** Where the templates are written. Default: `cdk.out`. */
  readonly outdir?: string
}

/** Five stacks an environment, none of which knows another environment. */
export function createApp({ environments, tag, outdir }: AppParts): App {
  const app = new App({ analyticsReporting: false, ...(outdir !== undefined && { outdir }) })
  for (const environment of environments) addEnvironment(app, environment, tag)
  return app
}

function addEnvironment(app: App, environment: Environment, tag: string): void {
  const stack = stackOf(app, environment)
  const base = addBase(stack('base', 'network, key, secrets, people, image'), environment)
  const data = addData(stack('data', 'tables, graph, cache, lake'), environment, base)
  const events = addEvents(stack('events', 'bus, archive, rules, queues'), environment, base)
  const services = addServices(stack('services', 'gateway, subgraphs and lake'), {
    environment,
    tag,
    ...base,
    ...data,
    ...events,
  })
  const watch = stack('watch', 'alarms and dashboard')
  const alarms = createAlarms(watch, { environment, key: borrow(watch, base) }, [
    ...watchServices(services),
    ...watchQueues(events.queues, events.bus),
    ...watchTables(data.tables),
    ...watchEngines(data.graph, data.cache),
    ...watchErrors(watch, environment, services.logs),
    watchCompaction(watch, environment, services.compaction),
  ])
  createDashboard(watch, { environment, alarms, services, queues: events.queues })
}

type MakeStack = (part: string, description: string) => Stack

function stackOf(app: App, environment: Environment): MakeStack {
  const { name, region, keepsData } = environment
  return (part, description) => {
    const stack = new Stack(app, `stoa-${name}-${part}`, {
      description: `Stoa ${name}: ${description}`,
      env: { region },
      terminationProtection: keepsData,
    })
    Tags.of(stack).add('stoa:environment', name)
    return stack
  }
}

interface Base extends Network {
  readonly key: Key
  readonly secrets: Secrets
  readonly identity: Identity
  readonly image: Repository
}

function addBase(scope: Construct, environment: Environment): Base {
  const key = createKey(scope, environment)
  return {
    key,
    ...createNetwork(scope, environment, key),
    secrets: createSecrets(scope, environment, key),
    identity: createIdentity(scope, environment),
    image: createImage(scope, environment, key),
  }
}

/** A tag that was pushed stays what it is; builds beyond the last fifty are forgotten. */
function createImage(scope: Construct, environment: Environment, key: Key): Repository {
  const image = new Repository(scope, 'Image', {
    repositoryName: `stoa-${environment.name}`,
    imageTagMutability: TagMutability.IMMUTABLE,
    imageScanOnPush: true,
    encryption: RepositoryEncryption.KMS,
    encryptionKey: key,
    lifecycleRules: [{ maxImageCount: 50 }],
    removalPolicy: removal(environment),
  })
  if (environment.reactionsOnLambda) letFunctionsPull(image, environment)
  return image
}

/** The key as other stacks may use it: they cannot change who else may, which would tie the stacks into a knot. */
function borrow(scope: Construct, { key }: Base): IKey {
  return Key.fromKeyArn(scope, 'BorrowedKey', key.keyArn)
}

function addServices(scope: Stack, parts: ServiceParts & Base): Services {
  const key = borrow(scope, parts)
  return createServices(scope, { ...parts, key })
}

function addData(scope: Construct, environment: Environment, base: Base): Data {
  const { vpc, firewalls, secrets } = base
  const key = borrow(scope, base)
  const parts = { environment, key, vpc }
  createPostgres(scope, { ...parts, firewall: firewalls.postgres })
  createKafka(scope, { ...parts, firewall: firewalls.kafka })
  return {
    tables: createTables(scope, parts),
    graph: createGraph(scope, { ...parts, firewall: firewalls.graph }),
    cache: createCache(scope, { ...parts, firewall: firewalls.cache, password: secrets.cache }),
    lake: createLake(scope, environment, key),
  }
}

interface Data {
  readonly tables: ReturnType<typeof createTables>
  readonly graph: ReturnType<typeof createGraph>
  readonly cache: ReturnType<typeof createCache>
  readonly lake: ReturnType<typeof createLake>
}

interface Events {
  readonly bus: Bus
  readonly queues: readonly ConsumerQueue[]
}

function addEvents(scope: Construct, environment: Environment, base: Base): Events {
  const key = borrow(scope, base)
  const bus = createBus(scope, environment, key)
  return { bus, queues: createQueues(scope, { environment, bus }) }
}
