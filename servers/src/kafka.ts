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
  readonly settings?: Readonly<Record<string, string | number | boolean>>
}

/** One broker that is its own controller (KRaft), with data that outlives `kill`. Its endpoint is `host:port`. */
export async function startKafka(options: KafkaOptions = {}): Promise<LocalServer> {
  const jars = await fetchJars(new URL('../kafka/pom.xml', import.meta.url))
  const [folder, port, controller] = [await serverFolder('kafka'), await freePort(), await freePort()]
  const file = join(folder, 'server.properties')
  const settings = { ...settingsOf({ folder, port, controller }), ...options.settings }
  await writeFile(
    file,
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  )
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

interface Place {
  readonly folder: string
  readonly port: number
  readonly controller: number
}

/** A cluster of one: everything is replicated once, and groups form without waiting for more members. */
function settingsOf({
  folder,
  port,
  controller,
}: Place): Readonly<Record<string, string | number | boolean>> {
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': join(folder, 'data'),
    'auto.create.topics.enable': false,
    // One that was killed may come back as soon as its last life counts as over.
    'broker.session.timeout.ms': 1500,
    'broker.heartbeat.interval.ms': 500,
    'offsets.topic.replication.factor': 1,
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
