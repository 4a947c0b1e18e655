import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The gateway as its own process, as `npm run gateway` starts it. */
export interface GatewayProgram extends AsyncDisposable {
  readonly url: string
  /** The line it said when it was ready. */
  readonly ready: Readonly<Record<string, unknown>>
  ask(query: string): Promise<Answer>
  get(path: string): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }>
  /** Resolves with the first log line (JSON) that says so, or with a later one. */
  said(text: string, nth?: number): Promise<Readonly<Record<string, unknown>>>
  signal(name: NodeJS.Signals): void
  /** Its exit code or signal. */
  readonly ended: Promise<number | string>
}

export interface Answer {
  readonly data?: unknown
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[]
}

export interface Refused {
  readonly code: number | string
  /** All it wrote to standard error. */
  readonly complaint: string
  readonly output: string
}

const main = fileURLToPath(new URL('../src/serve/main.ts', import.meta.url))

/** Throws with its complaint when it ends before it is ready. */
export async function startGateway(...args: readonly string[]): Promise<GatewayProgram> {
  const { child, output, complaint, ended } = spawnGateway(['--port', '0', ...args])
  const early = ended.then((code) => {
    throw new Error(`The gateway ended with ${code}: ${complaint.text}`)
  })
  const ready = JSON.parse(await Promise.race([output.line('"event":"ready"'), early]))
  // Its end is looked at through `ended` from here on.
  early.catch(() => {})
  const url = String(ready.url)
  return {
    ...{ url, ready, ended },
    async ask(query) {
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ query }),
      })
      return await readObject(response)
    },
    async get(path) {
      const response = await fetch(`${url}${path}`)
      return { status: response.status, body: await readObject(response) }
    },
    said: async (text, nth) => JSON.parse(await Promise.race([complaint.line(text, nth), early])),
    signal: (name) => void child.kill(name),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Runs a gateway that is expected to end by itself. */
export async function refusedGateway(...args: readonly string[]): Promise<Refused> {
  const { output, complaint, ended } = spawnGateway(args)
  return { code: await ended, complaint: complaint.text, output: output.text }
}

interface Spawned {
  readonly child: ChildProcessWithoutNullStreams
  readonly output: Listened
  readonly complaint: Listened
  readonly ended: Promise<number | string>
}

function spawnGateway(args: readonly string[]): Spawned {
  const child = spawn(process.execPath, [main, ...args])
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal)
  return { child, ended, output: listenTo(child.stdout), complaint: listenTo(child.stderr) }
}

interface Listened {
  readonly text: string
  /** The first line with this text (or a later one), now or when it comes. */
  line(part: string, nth?: number): Promise<string>
}

function listenTo(stream: NodeJS.ReadableStream): Listened {
  let text = ''
  stream.setEncoding('utf8').on('data', (more) => {
    text += more
  })
  const find = (part: string, nth: number): string | undefined => {
    const lines = text.split('\n').slice(0, -1)
    return lines.filter((line) => line.includes(part))[nth - 1]
  }
  return {
    get text() {
      return text
    },
    async line(part, nth = 1) {
      for (;;) {
        const line = find(part, nth)
        if (line !== undefined) return line
        await once(stream, 'data')
      }
    },
  }
}

/** Our own gateway's answers are JSON objects; what is in them is for the test to say. */
async function readObject(response: Response): Promise<Record<string, unknown>> {
  return JSON.parse(await response.text())
}
