import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { env as processEnv } from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A shop in a process of its own, started as `npm start` does, that can be killed. */
export interface ShopProcess extends AsyncDisposable {
  readonly url: string
  /** The first line it logs on standard error with this text, now or when it comes. */
  logged(text: string): Promise<string>
  /** SIGTERM; answers the exit code. */
  stop(): Promise<number | null>
  /** SIGKILL: no warning, no clean-up. */
  kill(): Promise<void>
}

export interface ProcessOptions {
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string | undefined>>
  /** The program to run. Default: main.ts of this checkout. */
  readonly entry?: string
}

const MAIN = fileURLToPath(new URL('../../app/src/main.ts', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts it and waits until it says that it is ready. */
export async function startShopProcess(options: ProcessOptions): Promise<ShopProcess> {
  const child = launch(options)
  const said = listen(child)
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }
  const url = await readyUrl(child, said)
  // Nobody reads on, and a full pipe would stop it in the middle of a log line.
  child.stdout?.resume()
  return {
    url,
    logged: (text) => said.line(text),
    async stop() {
      await end('SIGTERM')
      return child.exitCode
    },
    kill: () => end('SIGKILL'),
    [Symbol.asyncDispose]: () => end('SIGTERM'),
  }
}

/** Starts it and waits until it ends by itself, for at most twenty seconds. */
export async function runToEnd(options: ProcessOptions): Promise<Ended> {
  const child = launch(options)
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk) => (stdout += String(chunk)))
  child.stderr?.on('data', (chunk) => (stderr += String(chunk)))
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000)
  await once(child, 'close')
  clearTimeout(timer)
  return { code: child.exitCode, stdout, stderr }
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  return typeof address === 'object' && address ? address.port : 0
}

function launch(options: ProcessOptions): ChildProcess {
  const entry = options.entry ?? MAIN
  // Jest's own flags are for Jest.
  const env = { ...processEnv, NODE_OPTIONS: '--disable-warning=ExperimentalWarning', ...options.env }
  return spawn(process.execPath, [entry, ...options.args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
}

interface Heard {
  /** The end of what it says on standard error, so far. */
  last(): string
  line(text: string): Promise<string>
}

/** Listens to standard error; the last of what is said is kept. */
function listen({ stderr }: ChildProcess): Heard {
  let said = ''
  stderr?.setEncoding('utf8').on('data', (chunk) => {
    said = (said + String(chunk)).slice(-20_000)
  })
  return {
    last: () => said.slice(-2_000),
    async line(text) {
      for (;;) {
        const line = said
          .split('\n')
          .slice(0, -1)
          .find((one) => one.includes(text))
        if (line !== undefined || !stderr) return line ?? ''
        await once(stderr, 'data')
      }
    },
  }
}

async function readyUrl(child: ChildProcess, said: Heard): Promise<string> {
  if (!child.stdout) throw new Error('The child has no output to read.')
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.includes('"event":"ready"')) return String(JSON.parse(line).url)
  }
  throw new Error(`The shop ended (exit code ${child.exitCode}) before it was ready. ${said.last()}`)
}
