import type { Clock } from '@stoa/platform/clock'
import { Fault } from '@stoa/platform/fault'
import type {
  RequestContext,
  SubgraphError,
  SubgraphRequest,
  SubgraphResponse,
} from '@stoa/platform/subgraph'
import type { Client, SubscribePayload } from 'graphql-ws'
import { withDeadline } from '../engine/with-deadline.ts'
import { type EventSourceClient, MOST_EVENT_BYTES } from './event-source.ts'

export interface SocketSourceOptions {
  readonly name: string
  /** `ws:` or `wss:`. */
  readonly url: string
  /** The context token for a body; absent: a subgraph that takes no context. */
  readonly sign: ((body: string, context: RequestContext) => Promise<string>) | undefined
  readonly clock: Clock
  readonly ca: string | undefined
}

/**
 * Events of a subgraph that speaks GraphQL over WebSocket (`graphql-transport-ws`): one connection for all of them,
 * opened when the first is wanted and closed after the last. Who asks is said with each subscription, in `extensions`.
 */
export function createSocketSource(options: SocketSourceOptions): EventSourceClient {
  const { name, clock } = options
  // Loaded with the first subscription.
  let connecting: Promise<Connection> | undefined
  return {
    async subscribe(request, signal) {
      connecting ??= connect(options)
      const { client, untilOpen } = await connecting
      const items = client.iterate(await payloadOf(options, request))
      const leave = (): void => void items.return?.()
      signal.addEventListener('abort', leave, { once: true })
      if (signal.aborted) leave()
      const first = items.next()
      try {
        await withDeadline(clock, request.context.deadline, () => Promise.race([first, untilOpen()]))
      } catch (reason) {
        leave()
        if (!isErrors(reason)) throw unreachable(name, reason)
      }
      return answersOf(name, { first, items, signal })
    },
    async [Symbol.asyncDispose]() {
      const connection = await connecting?.catch(() => undefined)
      connection?.client.terminate()
    },
  }
}

interface Connection {
  readonly client: Client
  /** Resolves when the subgraph has acknowledged the connection. */
  untilOpen(): Promise<void>
}

const HANDSHAKE_MS = 3_000
const KEEP_ALIVE_MS = 10_000
const IDLE_MS = 1_000

async function connect({ url, ca }: SocketSourceOptions): Promise<Connection> {
  const [{ createClient }, { WebSocket }] = await Promise.all([import('graphql-ws'), import('ws')])
  let opened = Promise.withResolvers<void>()
  let pongLate: NodeJS.Timeout | undefined
  const client = createClient({
    url,
    // The library calls it with `new`, with no place for options.
    webSocketImpl: class extends WebSocket {
      constructor(address: string, protocol: string) {
        super(address, protocol, {
          maxPayload: MOST_EVENT_BYTES,
          handshakeTimeout: HANDSHAKE_MS,
          perMessageDeflate: false,
          ...(ca !== undefined && { ca }),
        })
      }
    },
    retryAttempts: 0,
    connectionAckWaitTimeout: HANDSHAKE_MS,
    lazyCloseTimeout: IDLE_MS,
    keepAlive: KEEP_ALIVE_MS,
    on: {
      connected: () => opened.resolve(),
      closed() {
        clearTimeout(pongLate)
        opened = Promise.withResolvers()
      },
      ping(isReceived) {
        // By the real clock, as the library's own timers.
        if (!isReceived) pongLate = setTimeout(() => client.terminate(), KEEP_ALIVE_MS)
      },
      pong(isReceived) {
        if (isReceived) clearTimeout(pongLate)
      },
    },
  })
  return { client, untilOpen: () => opened.promise }
}

async function payloadOf(
  { sign }: SocketSourceOptions,
  { query, operationName, variables, context }: SubgraphRequest,
): Promise<SubscribePayload> {
  const asked = {
    query,
    ...(operationName !== undefined && { operationName }),
    ...(variables && { variables }),
  }
  // The signer counts one character for each byte.
  const token = await sign?.(Buffer.from(JSON.stringify(asked)).toString('latin1'), context)
  const { correlationId, traceparent } = context
  return {
    ...asked,
    extensions: { correlationId, traceparent, ...(token !== undefined && { 'stoa-context': token }) },
  }
}

interface Answering {
  readonly first: Promise<IteratorResult<unknown>>
  readonly items: AsyncIterableIterator<unknown>
  readonly signal: AbortSignal
}

async function* answersOf(
  name: string,
  { first, items, signal }: Answering,
): AsyncGenerator<SubgraphResponse> {
  try {
    for (let next = await first; !next.done; next = await items.next()) yield responseOf(name, next.value)
  } catch (reason) {
    if (signal.aborted) return
    if (!isErrors(reason)) throw unreachable(name, reason)
    yield { errors: reason }
  } finally {
    void items.return?.()
  }
}

function responseOf(name: string, value: unknown): SubgraphResponse {
  // The engine looks at every part of it before use: this is only a claim about its outside.
  if (typeof value === 'object' && value !== null && ('data' in value || 'errors' in value))
    return value as SubgraphResponse
  throw new Fault('UPSTREAM_INVALID', `${name} told an event with neither data nor errors.`)
}

/** What the protocol's message `error` brings. */
function isErrors(reason: unknown): reason is readonly SubgraphError[] {
  return Array.isArray(reason)
}

/** Either how the socket was closed, what the connection says, or what the library says of a message. */
function unreachable(name: string, reason: unknown): Fault {
  if (reason instanceof Fault) return reason
  const code = codeOf(reason) ?? codeOf(isRecord(reason) ? reason['error'] : undefined)
  const isUnread = code === undefined && reason instanceof Error
  const why = code === undefined ? String(reason) : `it closed or failed with ${code}`
  return new Fault(
    isUnread || isWrong(code) ? 'UPSTREAM_INVALID' : 'UPSTREAM_UNAVAILABLE',
    `The WebSocket of ${name} broke off: ${why}.`,
    { cause: reason },
  )
}

function codeOf(reason: unknown): string | number | undefined {
  const code = isRecord(reason) ? reason['code'] : undefined
  return typeof code === 'string' || typeof code === 'number' ? code : undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

/** The protocols' words for rules that were broken: 44xx of GraphQL, four of WebSocket, and those of `ws`. */
function isWrong(code: string | number | undefined): boolean {
  if (typeof code === 'string') return code.startsWith('WS_ERR_')
  return code !== undefined && ((code >= 4400 && code < 4499) || INVALID.has(code))
}

/** Protocol error, unreadable text, too large; and a message that the library cannot read. */
const INVALID: ReadonlySet<number> = new Set([1002, 1007, 1009, 4004])
