import {
  type ExecutionResult,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  GraphQLSchema,
  parse,
} from 'graphql'
import { CloseCode, makeServer, type Server, type SubscribePayload } from 'graphql-ws'
import type { WebSocket } from 'ws'
import { jsonOf, type Reply } from '../answer-response.ts'
import { createAddressOf } from '../guards/rate.ts'
import type { Credentials } from '../options.ts'
import type { GraphError } from '../refusal.ts'
import type { EventStream } from '../subscriptions/streams.ts'
import { readAsked } from './read-asked.ts'
import { readSocketCredentials } from './socket-credentials.ts'
import type { SocketParts } from './socket-server.ts'
import type { SocketExtra } from './socket-wire.ts'

/** The protocol's messages, with the gateway's one pipeline behind each `subscribe`. */
export function createProtocol({ pipeline, openStream }: SocketParts): Server<SocketExtra> {
  const { initMs, perConnection } = pipeline.limits.subscriptions
  const addressOf = createAddressOf(pipeline.options.rate)
  const known = new WeakMap<WebSocket, Credentials>()

  async function identify(extra: SocketExtra, params: Params): Promise<boolean> {
    const credentials = readSocketCredentials(extra.request, params)
    const caller = credentials.ok ? await pipeline.access.identify(credentials.value) : credentials
    if (credentials.ok && caller.ok) known.set(extra.socket, credentials.value)
    else if (!caller.ok) forbid(extra.socket, caller.error.errors)
    return caller.ok
  }

  async function open(
    payload: SubscribePayload,
    { socket, request }: SocketExtra,
  ): Promise<Reply | EventStream> {
    const asked = readAsked(askedIn(payload))
    if (!asked.ok) throw new StreamEnded(asked.error.errors)
    return await openStream({ ...asked.value, credentials: known.get(socket), address: addressOf?.(request) })
  }

  return makeServer<Params, SocketExtra>({
    connectionInitWaitTimeout: initMs,
    onConnect: ({ extra, connectionParams = {} }) => identify(extra, connectionParams),
    async onSubscribe({ extra, subscriptions }, _id, payload) {
      if (Object.keys(subscriptions).length > perConnection) return refused(tooMany(perConnection))
      try {
        const opened = await open(payload, extra)
        if ('items' in opened) return begun(eventsOf(opened, extra.socket))
        const { answer } = opened
        if ('body' in answer && !('data' in answer.body)) return refused(answer.body.errors ?? [])
        return begun(parcel(objectOf(jsonOf(answer))))
      } catch (reason) {
        return [new GraphQLError('Refused', { originalError: asError(reason) })]
      }
    },
    // What the library would execute was begun in `onSubscribe`, behind all that guards it.
    subscribe: (args) => operations.get(args) ?? {},
    onNext: (_context, _id, _payload, _args, result) => parcels.get(result),
    onError: (_context, _id, _payload, errors) =>
      errors.flatMap((error): readonly GraphQLFormattedError[] =>
        error.originalError instanceof StreamEnded ? error.originalError.errors : [error.toJSON()],
      ),
  })
}

type Params = Readonly<Record<string, unknown>>

/** Tells the library that a stream follows; it looks no further at the document. */
const ANY_SUBSCRIPTION = { schema: new GraphQLSchema({}), document: parse('subscription { any }') }

type Operation = ExecutionResult | AsyncIterable<ExecutionResult>

/** What the library is to send, by what it carries in its place: it takes only results of its own making. */
const operations = new WeakMap<object, Operation>()
const parcels = new WeakMap<object, FormattedExecutionResult>()

function begun(operation: Operation): typeof ANY_SUBSCRIPTION {
  const args = { ...ANY_SUBSCRIPTION }
  operations.set(args, operation)
  return args
}

function parcel(answer: FormattedExecutionResult): ExecutionResult {
  const result: ExecutionResult = {}
  parcels.set(result, answer)
  return result
}

/** Carries what a client is told through the library. */
class StreamEnded extends Error {
  readonly errors: readonly GraphError[]

  constructor(errors: readonly GraphError[]) {
    super('The stream ended.')
    this.errors = errors
  }
}

/** An answer of the gateway's own making. */
function objectOf(json: string): FormattedExecutionResult {
  return JSON.parse(Buffer.from(json, 'latin1').toString())
}

function refused(errors: readonly GraphError[]): readonly GraphQLError[] {
  return [new GraphQLError('Refused', { originalError: new StreamEnded(errors) })]
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason))
}

function tooMany(limit: number): readonly GraphError[] {
  const message = `At most ${limit} operations run at once on one connection. Complete one, or open another.`
  return [{ message, extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } }]
}

/** The protocol wants a `query`, so that of a document by id is empty. */
function askedIn({ query, operationName, variables, extensions, ...more }: SubscribePayload): Params {
  const documentId = 'documentId' in more ? more.documentId : extensions?.['documentId']
  const isById = query === '' && documentId !== undefined
  return { ...(isById ? {} : { query }), documentId, operationName, variables, extensions }
}

/** Whoever may not hear more may not ask for more either: that ends the connection. */
function eventsOf({ items }: EventStream, socket: WebSocket): AsyncIterableIterator<ExecutionResult> {
  const events: AsyncIterableIterator<ExecutionResult> = {
    [Symbol.asyncIterator]: () => events,
    async next() {
      const { done, value } = await items.next()
      if (done) return { done: true, value: undefined }
      if ('json' in value) return { done: false, value: parcel(objectOf(value.json)) }
      if (value.errors[0]?.extensions.code === 'UNAUTHENTICATED') forbid(socket, value.errors)
      throw new StreamEnded(value.errors)
    },
    async return() {
      await items.return()
      return { done: true, value: undefined }
    },
  }
  return events
}

/** A reason has at most 123 bytes (RFC 6455, section 5.5), so the code has to do. */
function forbid(socket: WebSocket, [error]: readonly GraphError[]): void {
  socket.close(CloseCode.Forbidden, error?.extensions.code ?? 'Forbidden')
}
