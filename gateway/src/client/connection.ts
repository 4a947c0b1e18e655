import type { Clock } from '@stoa/platform/clock'
import { openSocket, type SocketOptions } from './open-socket.ts'
import { createResponseParser, type WireAnswer } from './response-parser.ts'
import { WireError } from './wire-error.ts'

/** One request on its way, with whoever waits for its answer. */
export interface Task {
  /** Head and body, one character for each byte. */
  readonly text: string
  /** Epoch milliseconds. */
  readonly deadline: number
  readonly resolve: (answer: WireAnswer) => void
  readonly reject: (error: WireError) => void
}

/** A socket with at most one request on it. */
export interface Connection {
  /** When it has waited too long for what it waits for: to be opened, for its answer, for its next request. */
  dueAt(): number
  send(task: Task): void
  /** Ends it; whoever waits for its answer gets the error. */
  shut(error: WireError): void
  /** Resolves when the socket is closed. */
  readonly gone: Promise<void>
}

/** Is told at once. */
export interface ConnectionOwner {
  /** It was opened. `onFree` follows. */
  onOpen(): void
  /** It takes a request. */
  onFree(connection: Connection): void
  /** `wasOpening`: it never took a request. */
  onShut(connection: Connection, wasOpening: boolean, error: WireError): void
}

export interface ConnectionOptions extends SocketOptions {
  readonly clock: Clock
  readonly connectMs: number
  readonly answerBytes: number
}

export function openConnection(options: ConnectionOptions, owner: ConnectionOwner): Connection {
  const { clock } = options
  const bytes = Buffer.allocUnsafeSlow(READ_BYTES)
  const parser = createResponseParser(options.answerBytes)
  const gone = Promise.withResolvers<void>()
  let state: 'opening' | 'open' | 'shut' = 'opening'
  let dueAt = clock.now() + options.connectMs
  let task: Task | undefined

  function onBytes(count: number): boolean {
    if (!task) shut(new WireError('garbled', 'bytes that answer nothing'))
    else take(count)
    return true
  }

  function take(count: number): void {
    try {
      const answer = parser.feed(bytes, count)
      if (answer) finish(answer)
    } catch (reason) {
      shut(
        reason instanceof WireError ? reason : new WireError('garbled', 'an answer nobody can read', reason),
      )
    }
  }

  function onEnd(): void {
    const answer = parser.end()
    if (answer) finish(answer)
    shut(new WireError('broken', 'the connection was closed'))
  }

  function finish(answer: WireAnswer): void {
    task?.resolve(answer)
    task = undefined
    // What is still to be written belongs to a request that was answered before it was heard.
    if (answer.keeps && socket.writableLength === 0) free(idleMs(answer.keptMs))
    else shut(new WireError('broken', 'the connection was closed after its last answer'))
  }

  function free(ms: number): void {
    dueAt = clock.now() + ms
    owner.onFree(connection)
  }

  function shut(error: WireError): void {
    if (state === 'shut') return
    const wasOpening = state === 'opening'
    state = 'shut'
    socket.destroy()
    task?.reject(error)
    task = undefined
    owner.onShut(connection, wasOpening, error)
  }

  const socket = openSocket(options, bytes, onBytes)
  socket.once(options.address.isSecure ? 'secureConnect' : 'connect', () => {
    if (state === 'shut') return
    state = 'open'
    owner.onOpen()
    free(IDLE_MS)
  })
  socket.on('error', (cause) => shut(new WireError('broken', 'the connection broke', cause)))
  socket.once('end', onEnd)
  socket.once('close', () => {
    shut(new WireError('broken', 'the connection was closed'))
    gone.resolve()
  })

  const connection: Connection = {
    dueAt: () => dueAt,
    send(next) {
      task = next
      dueAt = next.deadline
      socket.write(next.text, 'latin1')
    },
    shut,
    gone: gone.promise,
  }
  return connection
}

/** As much as the operating system gives at once. */
const READ_BYTES = 65_536
/** Servers that do not say how long they keep an idle connection mostly do for at least five seconds. */
const IDLE_MS = 4_000
const LONGEST_IDLE_MS = 60_000
/** A request that leaves as the server closes is lost: let go first. */
const MARGIN_MS = 1_000

function idleMs(keptMs: number | undefined): number {
  return keptMs === undefined ? IDLE_MS : Math.min(keptMs - MARGIN_MS, LONGEST_IDLE_MS)
}
