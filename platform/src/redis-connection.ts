import { createClient } from '@redis/client'
import { createBreaker } from './breaker.ts'
import type { Clock } from './clock.ts'
import { engineFault } from './engine-fault.ts'
import type { EngineFaultKind } from './engine-fault-kinds.ts'
import { Fault, type FaultCode } from './fault.ts'
import type { Log } from './log.ts'
import type { Random } from './random.ts'

/** One connection to Redis, shared by all who ask: what they send travels together. */
export interface RedisConnection extends AsyncDisposable {
  /**
   * Sends one command and answers its reply, or the first word of an error that is expected. Throws STORE_UNAVAILABLE
   * (away, or too slow), OVERLOADED (full), BAD_CONFIG (it does not let us in).
   */
  command(words: readonly string[], options?: { readonly expect: readonly string[] }): Promise<unknown>
}

export interface RedisOptions {
  /** `redis://host:6379`, `rediss://user:password@host`. */
  readonly url: string
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** How long one command may take. Default 100 ms: whoever asks has something else to fall back on. */
  readonly timeoutMs?: number
}

const LONGEST_PAUSE_MS = 2000
const MOST_WAITING = 10_000

/**
 * Connects in the background and again whenever the connection is lost, for as long as it is open: nobody has to wait
 * for Redis, and while it is away a command fails at once.
 */
export function openRedis({ url, clock, random, log, timeoutMs = 100 }: RedisOptions): RedisConnection {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    commandsQueueMaxLength: MOST_WAITING,
    // A server that hangs says nothing: it is asked now and then, and left when it does not answer.
    pingInterval: 3000,
    socket: {
      connectTimeout: 2000,
      socketTimeout: 10_000,
      reconnectStrategy: (tries) =>
        Math.ceil(random.next() * Math.min(LONGEST_PAUSE_MS, 50 * 2 ** Math.min(tries, 10))),
    },
  })
  client.on('error', (err: unknown) => log.debug({ err }, 'the connection to Redis broke'))
  const connecting = client.connect().catch((err: unknown) => log.debug({ err }, 'Redis was given up'))
  const breaker = createBreaker({ clock, name: 'Redis' })

  async function send(words: readonly string[], expect: readonly string[]): Promise<unknown> {
    if (!client.isReady) throw faultOf(undefined)
    try {
      return await inTime(clock, timeoutMs, client.sendCommand([...words]))
    } catch (reason) {
      const word = errorWord(reason)
      if (expect.includes(word)) return word
      throw reason instanceof Fault ? reason : faultOf(reason)
    }
  }

  return {
    command: (words, { expect } = { expect: [] }) => breaker.run(() => send(words, expect)),
    async [Symbol.asyncDispose]() {
      if (client.isOpen) client.destroy()
      await connecting
    },
  }
}

/** An answer of another shape than that of the command. */
export function refuseReply(what: string): Fault {
  const message = `Redis answered something else than ${what} does. Check that it is Redis 6 or later.`
  return engineFault('STORE_CORRUPT', message, { engine: 'redis', kind: 'unreadable' })
}

/** Whoever expected `OOM` and got it. */
export function refuseFull(): Fault {
  return troubleFault(FULL)
}

function inTime<T>(clock: Clock, timeoutMs: number, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let late: NodeJS.Immediate | undefined
    const timer = clock.schedule(clock.now() + timeoutMs, () => {
      // Where this process was what took so long, the answer has come and is read first.
      late = setImmediate(() => reject(slow(timeoutMs)))
    })
    answer.then(resolve, reject).finally(() => {
      timer.cancel()
      clearImmediate(late)
    })
  })
}

function slow(timeoutMs: number): Fault {
  const message = `Redis did not answer within ${timeoutMs} ms. Check its load and slow commands (SLOWLOG GET).`
  return engineFault('STORE_UNAVAILABLE', message, { engine: 'redis', kind: 'slow' })
}

interface Trouble {
  /** The runbook's word. */
  readonly kind: EngineFaultKind
  readonly code: FaultCode
  readonly message: string
}

const AWAY: Trouble = {
  kind: 'away',
  code: 'STORE_UNAVAILABLE',
  message: 'Redis is away. What it shares is kept by each process for itself until it is back.',
}
const DENIED: Trouble = {
  kind: 'forbidden',
  code: 'BAD_CONFIG',
  message: 'Redis does not let us in. Check user, password and the rights of the user.',
}
const FULL: Trouble = {
  kind: 'out_of_memory',
  code: 'OVERLOADED',
  message: 'Redis has no memory left. Give it more, or a maxmemory-policy that evicts.',
}
const LOADING: Trouble = {
  kind: 'loading',
  code: 'STORE_UNAVAILABLE',
  message: 'Redis reads its data and does not answer yet.',
}
const READ_ONLY: Trouble = {
  kind: 'read_only',
  code: 'STORE_UNAVAILABLE',
  message: 'This Redis is a replica and takes no writes. Name the primary.',
}

/** https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors: the first word says what it is. */
const KNOWN: Readonly<Record<string, Trouble>> = {
  LOADING,
  NOAUTH: DENIED,
  NOPERM: DENIED,
  OOM: FULL,
  READONLY: READ_ONLY,
  WRONGPASS: DENIED,
}

function faultOf(cause: unknown): Fault {
  return troubleFault(KNOWN[errorWord(cause)] ?? AWAY, cause)
}

function troubleFault({ kind, code, message }: Trouble, cause?: unknown): Fault {
  return engineFault(code, message, { engine: 'redis', kind, cause })
}

function errorWord(reason: unknown): string {
  const said = typeof reason === 'object' && reason !== null && 'message' in reason ? reason.message : ''
  return String(said).split(' ')[0] ?? ''
}
