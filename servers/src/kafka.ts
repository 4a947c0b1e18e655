import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fetchJars } from './fetch-once.ts'
import { accepts, freePort, type LocalServer, serverFolder, startServer } from './local-server.ts'
import { whyNotCommands } from './why-not.ts'

/** Why a Kafka broker cannot run here, or undefined when it can. Maven fetches it the first time. */
export function whyNoKafka(): string | undefined {
  return whyNotCommands('java', 'mvn')
}

export interface KafkaOptions {
  /** Settings of the broker, as `message.max.bytes`. */
  readonly settings?: Settings
}

/** One broker that is its own controller (KRaft), with data that outlives `kill`. Its endpoint is `host:port`. */
export async function startKafka(options: KafkaOptions = {}): Promise<LocalServer> {
  const [node] = await startKafkaCluster(1, options)
  if (!node) throw new Error('Expected a broker.')
  return node
}

/** So many of them that replicate to each other. Each can be killed on its own. */
export async function startKafkaCluster(
  count: number,
  options: KafkaOptions = {},
): Promise<readonly LocalServer[]> {
  const jars = await fetchJars(new URL('../kafka/pom.xml', import.meta.url))
  const nodes: Node[] = []
  for (let id = 1; id <= count; id++) {
    nodes.push({
      id,
      folder: await serverFolder('kafka'),
      port: await freePort(),
      controller: await freePort(),
    })
  }
  const voters = nodes.map(({ id, controller }) => `${id}@127.0.0.1:${controller}`).join(',')
  return await Promise.all(
    nodes.map((node) => startNode(jars, node, { ...commonOf(voters), ...options.settings })),
  )
}

async function startNode(jars: string, node: Node, common: Settings): Promise<LocalServer> {
  const { folder, port } = node
  const file = join(folder, 'server.properties')
  const settings = Object.entries({ ...settingsOf(node), ...common })
  await writeFile(file, settings.map(([name, value]) => `${name}=${value}\n`).join(''))
  const java = [...JAVA, '-cp', `${jars}/*`]
  const format = [...java, 'kafka.tools.StorageTool', 'format', '-t', CLUSTER, '-c', file]
  await promisify(execFile)('java', format)
  return await startServer({
    name: 'Kafka',
    endpoint: `127.0.0.1:${port}`,
    command: 'java',
    args: ['-Xmx384m', ...java, 'kafka.Kafka', file],
    folder,
    isReady: () => accepts(port),
  })
}

/** Starts in half the time; what it costs is speed that only a busy broker would miss. */
const JAVA: readonly string[] = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto']

const CLUSTER = 'c3RvYS1sb2NhbC1rYWZrYQ'

interface Node {
  readonly id: number
  readonly folder: string
  readonly port: number
  readonly controller: number
}

type Settings = Readonly<Record<string, string | number | boolean>>

function settingsOf({ id, folder, port, controller }: Node): Settings {
  return {
    'node.id': id,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    'log.dirs': join(folder, 'data'),
  }
}

/** Small, and groups form without waiting for more members. */
function commonOf(voters: string): Settings {
  return {
    'process.roles': 'broker,controller',
    'controller.quorum.voters': voters,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'auto.create.topics.enable': false,
    // One that was killed may come back as soon as its last life counts as over.
    'broker.session.timeout.ms': 1500,
    'broker.heartbeat.interval.ms': 500,
    'offsets.topic.replication.factor': Math.min(3, voters.split(',').length),
    'offsets.topic.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'log.cleaner.dedupe.buffer.size': 2_097_152,
    'log.index.size.max.bytes': 1_048_576,
    'num.network.threads': 2,
    'num.io.threads': 2,
    'background.threads': 2,
  }
}
