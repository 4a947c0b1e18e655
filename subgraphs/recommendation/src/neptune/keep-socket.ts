import type { Clock } from '@stoa/platform/clock'
import { Fault } from '@stoa/platform/fault'
import type { Log } from '@stoa/platform/log'
import type { Random } from '@stoa/platform/random'
import { graphFault } from './graph-fault.ts'
import type { Sign } from './sign.ts'
import { type GremlinSocket, openSocket } from './socket.ts'
import { whyRefused } from './why-refused.ts'

/** The one socket in use; another takes its place when it breaks, grows old or was idle. */
export interface SocketKeeper extends AsyncDisposable {
  /** An open socket. While the graph is away it fails at once between the tries to reach it. */
  current(): Promise<GremlinSocket>
  /** Does not use that socket again; closes it when nobody waits on it. */
  retire(socket: GremlinSocket): void
  /** An answer is there, or not waited for: closes what was retired and is done. */
  settle(): void
}

export interface KeeperOptions {
  readonly url: URL
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly sign?: Sign
  readonly maxAgeMs: number
  readonly maxIdleMs: number
  readonly openWithinMs: number
}

interface Kept {
  readonly socket: GremlinSocket
  readonly openedAt: number
  usedAt: number
}

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 10_000

/** Opens one when it is first needed, and signs each time. */
export function keepSocket(options: KeeperOptions): SocketKeeper {
  const { clock, random, log, maxAgeMs, maxIdleMs } = options
  let kept: Kept | undefined
  let opening: Promise<GremlinSocket> | undefined
  let failure: { readonly fault: Fault; readonly until: number } | undefined
  let failures = 0
  let closed = false
  const retired = new Set<GremlinSocket>()

  async function open(): Promise<GremlinSocket> {
    try {
      const socket = await openSigned(options)
      if (closed) socket.close(graphFault('closed'))
      kept = { socket, openedAt: clock.now(), usedAt: clock.now() }
      failure = undefined
      failures = 0
      return socket
    } catch (reason) {
      const fault = reason instanceof Fault ? reason : graphFault('away', reason)
      const ceiling = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures)
      failures += 1
      failure = { fault, until: clock.now() + Math.ceil((ceiling * (1 + random.next())) / 2) }
      log.warn({ failures, code: fault.code, cause: fault.cause }, 'The graph could not be reached')
      throw fault
    } finally {
      opening = undefined
    }
  }

  function retire(socket: GremlinSocket): void {
    if (kept?.socket === socket) kept = undefined
    retired.add(socket)
    settle()
  }

  function settle(): void {
    for (const socket of retired) {
      if (socket.isOpen && socket.waiting > 0) continue
      retired.delete(socket)
      socket.close(graphFault('dropped'))
    }
  }

  function isFresh({ socket, openedAt, usedAt }: Kept): boolean {
    const now = clock.now()
    return socket.isOpen && now - openedAt < maxAgeMs && (socket.waiting > 0 || now - usedAt < maxIdleMs)
  }

  return {
    async current() {
      if (closed) throw graphFault('closed')
      if (kept && !isFresh(kept)) retire(kept.socket)
      if (kept) {
        kept.usedAt = clock.now()
        return kept.socket
      }
      if (failure && clock.now() < failure.until) throw again(failure.fault)
      opening ??= open()
      return await opening
    },
    retire,
    settle,
    async [Symbol.asyncDispose]() {
      closed = true
      await opening?.catch(() => {})
      for (const socket of [kept?.socket, ...retired]) socket?.close(graphFault('closed'))
      kept = undefined
    },
  }
}

async function openSigned(options: KeeperOptions): Promise<GremlinSocket> {
  const { url, clock, sign, openWithinMs } = options
  const signal = AbortSignal.timeout(openWithinMs)
  const headers = sign ? await inTime(sign(url), signal) : {}
  try {
    return await openSocket({ url, headers, signal })
  } catch (cause) {
    if (signal.aborted) throw graphFault('away', cause)
    throw await whyRefused({ url, headers, now: clock.now(), withinMs: openWithinMs, cause })
  }
}

/** A provider of credentials may hang, as the metadata service of a machine that has none. */
function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(graphFault('credentials_missing', signal.reason)), {
      once: true,
    })
    work.then(resolve, reject)
  })
}

/** Each caller gets a fault of its own, with its own stack. */
function again({ code, message, cause, retryable }: Fault): Fault {
  return new Fault(code, message, { cause, retryable })
}
