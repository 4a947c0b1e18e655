import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fetchJars } from './fetch-once.ts'
import { accepts, freePort, type LocalServer, serverFolder, startServer } from './local-server.ts'
import { whyNotCommands } from './why-not.ts'

/** Why Gremlin Server cannot run here, or undefined when it can. */
export function whyNoGremlin(): string | undefined {
  return whyNotCommands('java', 'mvn')
}

export interface GremlinOptions {
  /**
   * Keeps the graph over `kill` and `start`. Gremlin Server holds it in memory and writes it down only when it is
   * asked to end, so `kill` asks here (SIGTERM) where it is a power cut (SIGKILL) otherwise. Default: false.
   */
  readonly durable?: boolean
  /** Default 512; a million edges need 3,000. */
  readonly heapMb?: number
  /** Empty graphs beside the one called `g`: `other1` and so on. Default none. */
  readonly others?: number
  /**
   * A folder with a graph for `g` to begin with, as files for Neptune's bulk loader: `vertices.csv`, `edges.csv`, no quotes.
   * Such a graph is for reading: it has no transactions, unless they are asked for.
   */
  readonly load?: string
  /** The graph that is loaded has transactions, too, which makes loading slower. Default false. */
  readonly transactions?: boolean
}

/**
 * Gremlin Server over a transactional TinkerGraph, with what it shares with Neptune switched on: string ids, a
 * transaction for each request, sets unless `single` is said, no lambdas. Its endpoint is a WebSocket URL.
 */
export async function startGremlin(options: GremlinOptions = {}): Promise<LocalServer> {
  const jars = await fetchJars(new URL('../gremlin/pom.xml', import.meta.url))
  const [folder, port] = [await serverFolder('gremlin'), await freePort()]
  await configure(folder, port, options)
  return await startServer({
    name: 'Gremlin Server',
    endpoint: `ws://127.0.0.1:${port}/gremlin`,
    command: 'java',
    args: [
      `-Xmx${options.heapMb ?? 512}m`,
      ...OPENED,
      '-cp',
      `${folder}:${jars}/*`,
      MAIN,
      join(folder, 'server.yaml'),
    ],
    folder,
    ...(options.durable ? { killSignal: 'SIGTERM' as const } : {}),
    readyWithinMs: 300_000,
    isReady: () => accepts(port),
  })
}

const MAIN = 'org.apache.tinkerpop.gremlin.server.GremlinServer'
/** What its serialisers reach into on Java 17. */
const OPENED = [
  'java.io',
  'java.nio',
  'java.lang',
  'java.lang.invoke',
  'java.lang.reflect',
  'java.util',
  'sun.nio.cs',
].map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`)

async function configure(folder: string, port: number, options: GremlinOptions): Promise<void> {
  const names = Array.from({ length: options.others ?? 0 }, (_, index) => `empty${index + 1}`)
  const filled: Readonly<Record<string, string>> = {
    port: String(port),
    folder,
    others: names.map((name) => `, ${name}: '${folder}/empty.properties'`).join(''),
    graphs: String(names.length + 1),
    load: options.load ?? '',
  }
  const fill = (whole: string, key: string): string => filled[key] ?? whole
  for (const name of ['server.yaml', 'init.groovy', 'logback.xml']) {
    const text = await readFile(new URL(`../gremlin/${name}`, import.meta.url), 'utf8')
    await writeFile(join(folder, name), text.replace(/\{([a-z]+)\}/g, fill))
  }
  const graph = await readFile(new URL('../gremlin/graph.properties', import.meta.url), 'utf8')
  await writeFile(join(folder, 'empty.properties'), graph)
  const isForReading = options.load !== undefined && !options.transactions
  const main = !isForReading ? graph : graph.replace('TinkerTransactionGraph', 'TinkerGraph')
  await writeFile(join(folder, 'graph.properties'), main + location(folder, options))
}

function location(folder: string, { durable }: GremlinOptions): string {
  const lines = [`graphLocation=${join(folder, 'graph.json')}`, 'graphFormat=graphson']
  return durable ? lines.map((line) => `gremlin.tinkergraph.${line}\n`).join('') : ''
}
