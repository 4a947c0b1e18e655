import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fetchPython } from './fetch-once.ts'
import { accepts, freePort, type LocalServer, serverFolder, startServer } from './local-server.ts'
import { whyNotCommands } from './why-not.ts'

const VERSION = '5.2.1'
const SERVE = fileURLToPath(new URL('../moto/serve.py', import.meta.url))

/** Why moto cannot run here, or undefined when it can. The first start fetches it where it is not installed. */
export function whyNoMoto(): string | undefined {
  return whyNotCommands('python3')
}

export interface MotoOptions {
  /** False: `kill()` only stops it until `start()`, as a service that does not answer for a while. Default: true. */
  readonly forgets?: boolean
}

/**
 * moto: EventBridge, SQS, S3, Step Functions and Cognito in one process, functionally. It keeps everything in memory:
 * `kill()` forgets all, and `start()` gives an empty one at the same address. Its endpoint is a URL; it takes any
 * credentials. It never throttles, and it hands an event to its targets before PutEvents is answered.
 */
export async function startMoto({ forgets = true }: MotoOptions = {}): Promise<LocalServer> {
  const [command, folder, port] = [await findPython(), await serverFolder('moto'), await freePort()]
  return await startServer({
    name: 'moto',
    endpoint: `http://127.0.0.1:${port}`,
    command,
    args: [SERVE, '-H', '127.0.0.1', '-p', String(port)],
    folder,
    isReady: () => accepts(port),
    killSignal: forgets ? 'SIGKILL' : 'SIGSTOP',
  })
}

/** The machine's own when it has this version of moto to the digit, else one of ours. */
async function findPython(): Promise<string> {
  const script = 'import moto.server; from importlib.metadata import version; print(version("moto"))'
  const installed = spawnSync('python3', ['-c', script], { encoding: 'utf8' })
  if (installed.status === 0 && installed.stdout.trim() === VERSION) return 'python3'
  return join(await fetchPython('moto', [`moto[server]==${VERSION}`]), 'bin', 'python')
}
