import type { Fault } from '@stoa/platform/fault'
import { faultOfStatus, graphFault } from './graph-fault.ts'
import { readGraphson } from './gremlin-words.ts'

/** One WebSocket to Gremlin. Requests go out under an id, answers come back in pieces. */
export interface GremlinSocket {
  readonly isOpen: boolean
  /** How many wait for an answer. */
  readonly waiting: number
  /** Sends a request; resolves to its whole answer. When the socket breaks first it fails, whatever came before. */
  ask(requestId: string, frame: Uint8Array<ArrayBuffer>): Promise<readonly unknown[]>
  /** How many messages came so far: whether it is alive. */
  readonly heard: number
  /** Whoever waits for that answer waits no more. */
  giveUp(requestId: string, fault: Fault): void
  /** Closes it, now; whoever still waits fails with that fault. */
  close(fault: Fault): void
}

export interface SocketOptions {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** Node's own takes headers; the types are the browser's, which takes none. */
const NodeWebSocket = WebSocket as unknown as new (
  url: URL,
  options: { readonly headers: Readonly<Record<string, string>> },
) => WebSocket

interface Waiting {
  readonly items: unknown[]
  readonly resolve: (items: readonly unknown[]) => void
  readonly reject: (fault: Fault) => void
}

/**
 * Opens a WebSocket with these headers. We have our own instead of the library's because under Node 22 and later that one
 * sends no headers, so that nothing can be signed; and because its streams end silently when the socket breaks.
 */
export async function openSocket({ url, headers, signal }: SocketOptions): Promise<GremlinSocket> {
  const socket = new NodeWebSocket(url, { headers })
  socket.binaryType = 'arraybuffer'
  await untilOpen(socket, signal)
  const waiting = new Map<string, Waiting>()
  let heard = 0

  function failAll(fault: () => Fault): void {
    const failed = [...waiting.values()]
    waiting.clear()
    for (const { reject } of failed) reject(fault())
  }

  /** What cannot be read may be anybody's answer, so nobody's can be trusted. */
  function hear(data: unknown): void {
    heard += 1
    const read = readResponse(data)
    const found = read && waiting.get(read.requestId)
    if (!read || (read.status >= 400 && read.requestId === '')) {
      failAll(() => (read ? faultOfStatus(read.status, read.message) : graphFault('bad_answer')))
      socket.close()
    } else if (found && takeIn(found, read)) waiting.delete(read.requestId)
  }

  socket.addEventListener('message', ({ data }) => hear(data))
  socket.addEventListener('close', ({ code, reason }) =>
    failAll(() => graphFault('dropped', new Error(`The socket closed: ${code} ${reason}`))),
  )
  return {
    get isOpen() {
      return socket.readyState === WebSocket.OPEN
    },
    get heard() {
      return heard
    },
    get waiting() {
      return waiting.size
    },
    ask: (requestId, frame) =>
      new Promise((resolve, reject) => {
        // A closing socket swallows what it is given.
        if (socket.readyState !== WebSocket.OPEN) return reject(graphFault('dropped'))
        waiting.set(requestId, { items: [], resolve, reject })
        socket.send(frame)
      }),
    giveUp(requestId, fault) {
      waiting.get(requestId)?.reject(fault)
      waiting.delete(requestId)
    },
    close(fault) {
      failAll(() => fault)
      socket.close()
    },
  }
}

function untilOpen(socket: WebSocket, signal: AbortSignal): Promise<void> {
  const opened = new AbortController()
  const once = { once: true, signal: opened.signal }
  return new Promise<void>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), once)
    socket.addEventListener('open', () => resolve(), once)
    socket.addEventListener('error', (event) => reject('error' in event ? event.error : event), once)
    socket.addEventListener('close', () => reject(new Error('It closed while it was opened.')), once)
  })
    .catch((reason: unknown) => {
      socket.close()
      throw reason
    })
    .finally(() => opened.abort())
}

/** Whether the answer is whole now, or refused. */
function takeIn({ items, resolve, reject }: Waiting, { status, message, data }: Response): boolean {
  if (status >= 400) reject(faultOfStatus(status, message))
  else {
    for (const item of data) items.push(item)
    if (status === PARTIAL) return false
    resolve(items)
  }
  return true
}

const PARTIAL = 206

interface Response {
  /** Empty where the server could not read the request. */
  readonly requestId: string
  readonly status: number
  readonly message: string
  readonly data: readonly unknown[]
}

function readResponse(frame: unknown): Response | undefined {
  try {
    const text = typeof frame === 'string' ? frame : new TextDecoder().decode(toBuffer(frame))
    // Read field by field below, each checked.
    const { requestId, status, result } = JSON.parse(text) as Partial<
      Record<string, Partial<Record<string, unknown>>>
    >
    const code = status?.['code']
    if (typeof code !== 'number') return undefined
    return {
      requestId: typeof requestId === 'string' ? requestId : '',
      status: code,
      message: String(status?.['message'] ?? ''),
      data: code < 400 ? readTraversers(result?.['data']) : [],
    }
  } catch {
    return undefined
  }
}

function toBuffer(frame: unknown): ArrayBuffer {
  if (frame instanceof ArrayBuffer) return frame
  throw new TypeError('Expected bytes or text.')
}

/** Equal results may come as one with a number: how many. */
function readTraversers(data: unknown): readonly unknown[] {
  const read = readGraphson(data)
  if (read === null || read === undefined) return []
  if (!Array.isArray(read)) throw new TypeError('Expected a list.')
  return read.flatMap((item: unknown) => {
    if (typeof item !== 'object' || item === null || !('object' in item) || !('bulk' in item)) return [item]
    return Array.from({ length: Number(item.bulk) }, () => item.object)
  })
}
