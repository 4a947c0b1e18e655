import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** A real server in a process of its own, which can die and come back with the data that it had. */
export interface LocalServer extends AsyncDisposable {
  /** Where it listens: a URL or `host:port`, as its clients want it. The same after a restart. */
  readonly endpoint: string
  /** As a power cut: SIGKILL, data stays. */
  kill(): Promise<void>
  /** Starts it again after `kill`, at the same address with the same data. Resolves when it is ready. */
  start(): Promise<void>
}

export interface ServerRecipe {
  /** For messages: `PostgreSQL`. */
  readonly name: string
  readonly endpoint: string
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** The user to run as, where the server refuses root. */
  readonly uid?: number
  readonly gid?: number
  /** Its data, its log; removed at the end. */
  readonly folder: string
  /** Whether it can be worked with. Asked every 50 ms. */
  readonly isReady: () => Promise<boolean>
  /** Default 60,000. */
  readonly readyWithinMs?: number
  /**
   * How `kill` ends it. Default SIGKILL, a power cut; SIGTERM for one that writes its data only when asked to end; SIGSTOP
   * for one that keeps nothing: it answers nobody until `start`, as a service that is away and comes back.
   */
  readonly killSignal?: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP'
}

/** Starts it and waits until it is ready. It ends with this process at the latest. */
export async function startServer(recipe: ServerRecipe): Promise<LocalServer> {
  let child: ChildProcess | undefined
  const end = (): void => void child?.kill('SIGKILL')
  process.once('exit', end)

  async function endBy(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const ending = child
    child = undefined
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return
    const ended = once(ending, 'exit')
    ending.kill(signal)
    await ended
  }

  async function kill(): Promise<void> {
    const { killSignal = 'SIGKILL' } = recipe
    if (killSignal === 'SIGSTOP') child?.kill('SIGSTOP')
    else await endBy(killSignal)
  }

  async function start(): Promise<void> {
    if (child) {
      child.kill('SIGCONT')
      return
    }
    child = launch(recipe)
    try {
      await untilReady(recipe, child)
    } catch (reason) {
      await endBy('SIGKILL')
      throw reason
    }
  }

  async function close(): Promise<void> {
    process.off('exit', end)
    await endBy('SIGKILL')
    await rm(recipe.folder, { recursive: true, force: true, maxRetries: 5 })
  }

  try {
    await start()
  } catch (reason) {
    await close()
    throw reason
  }
  return { endpoint: recipe.endpoint, kill, start, [Symbol.asyncDispose]: close }
}

/** A folder for one server's data, under the system's temporary one. */
export function serverFolder(name: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `stoa-${name}-`))
}

/** A port on loopback that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address === 'object' && address) return address.port
  throw new Error('Expected a port.')
}

/** Whether somebody listens on that port of loopback. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1')
    const settle = (answer: boolean): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
  })
}

function launch(recipe: ServerRecipe): ChildProcess {
  mkdirSync(recipe.folder, { recursive: true })
  const output = openSync(logFile(recipe), 'a')
  const { uid, gid, cwd, env } = recipe
  const child = spawn(recipe.command, [...recipe.args], {
    stdio: ['ignore', output, output],
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env: { ...env } }),
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  })
  closeSync(output)
  child.once('error', () => {})
  return child
}

async function untilReady(recipe: ServerRecipe, child: ChildProcess): Promise<void> {
  const withinMs = recipe.readyWithinMs ?? 60_000
  const until = performance.now() + withinMs
  while (performance.now() < until) {
    if (child.pid === undefined)
      throw new Error(`${recipe.name} cannot be started: ${recipe.command} does not run.`)
    if (child.exitCode !== null) throw failure(recipe, `ended with code ${child.exitCode} while starting`)
    if (await recipe.isReady()) return
    await wait(50)
  }
  throw failure(recipe, `was not ready within ${withinMs} ms`)
}

function failure(recipe: ServerRecipe, what: string): Error {
  return new Error(`${recipe.name} ${what}. The end of its output:\n${tail(logFile(recipe))}`)
}

function logFile(recipe: ServerRecipe): string {
  return join(recipe.folder, 'server.log')
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').slice(-2000)
}
