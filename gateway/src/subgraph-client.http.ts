import { type Clock, systemClock } from '@stoa/platform/clock'
import { Fault } from '@stoa/platform/fault'
import type { Log } from '@stoa/platform/log'
import { parseAddress } from './client/address.ts'
import { createContextSigner } from './client/context-signer.ts'
import { openEventSource, type SubscriptionWay } from './client/open-event-source.ts'
import { createPool, type Pool } from './client/pool.ts'
import { readAnswer, readBody } from './client/read-answer.ts'
import { createRequestWriter } from './client/request-head.ts'
import type { WireAnswer } from './client/response-parser.ts'
import { WireError } from './client/wire-error.ts'
import { wireFault } from './client/wire-fault.ts'
import { toWire } from './client/wire-text.ts'
import type { SubgraphClient, WireRequest } from './options.ts'
import { createRetryBudget, type RetryBudget } from './retry-budget.ts'

export interface HttpSubgraphOptions {
  readonly name: string
  /** Where it answers GraphQL: `http://127.0.0.1:4101/graphql`. */
  readonly url: string
  /** Shared with the subgraph, for the context token. Absent: a subgraph that takes no context. */
  readonly secret?: string
  readonly log: Log
  readonly clock?: Clock
  /** Sockets kept to it. Default 32. */
  readonly connections?: number
  /** Requests that may wait for one of them; more are refused. Default 2,048. */
  readonly waiting?: number
  /** Milliseconds that opening one may take. Default 3,000. */
  readonly connectMs?: number
  /** Bytes of one answer. Default 16 MiB. */
  readonly answerBytes?: number
  /** For `https:`, PEM of the authorities it is trusted by. Default: those that Node trusts. */
  readonly ca?: string
  /**
   * How it tells events: `sse` (default) at its own URL, `ws` at the same over WebSocket (`graphql-transport-ws`), or
   * a `ws:` or `wss:` URL of their own.
   */
  readonly subscriptions?: SubscriptionWay
}

export interface HttpSubgraphClient extends SubgraphClient, AsyncDisposable {
  exchange(request: WireRequest): Promise<Buffer>
  subscribe: NonNullable<SubgraphClient['subscribe']>
}

/**
 * A subgraph over keep-alive connections. Its headers are made here and never copied from a client; its answer is
 * foreign input: bounded in size, depth, time and type. Throws BAD_CONFIG when the URL is of no use.
 */
export function createHttpSubgraphClient(options: HttpSubgraphOptions): HttpSubgraphClient {
  const { name } = options
  const pool = poolOf(options)
  const events = openEventSource(options)
  const wire: Wire = {
    ...{ options, pool, write: writerOf(options) },
    ...{ clock: options.clock ?? systemClock, budget: createRetryBudget() },
  }

  const exchange = (request: WireRequest): Promise<Buffer> => ask(wire, request)

  return {
    exchange,
    subscribe: events.subscribe,
    async execute({ query, operationName, variables, context }) {
      const body = toWire(JSON.stringify({ query, operationName, variables }))
      // A document that so much as names a mutation may be one.
      const repeatable = !query.includes('mutation')
      return readAnswer(name, (await exchange({ body, repeatable, context })).toString())
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([pool[Symbol.asyncDispose](), events[Symbol.asyncDispose]()])
    },
  }
}

interface Wire {
  readonly options: HttpSubgraphOptions
  readonly clock: Clock
  readonly pool: Pool
  readonly write: Writer
  readonly budget: RetryBudget
}

function poolOf(options: HttpSubgraphOptions): Pool {
  return createPool({
    address: parseAddress(options.name, options.url),
    clock: options.clock ?? systemClock,
    ca: options.ca,
    connections: options.connections ?? 32,
    waiting: options.waiting ?? 2_048,
    connectMs: options.connectMs ?? 3_000,
    answerBytes: options.answerBytes ?? 16_777_216,
  })
}

/** Text of a whole request; a promise only where it is signed. */
function writerOf({ name, url, secret, clock = systemClock }: HttpSubgraphOptions): Writer {
  const write = createRequestWriter(parseAddress(name, url))
  if (secret === undefined) return ({ body, context }) => write(body, context, undefined)
  const sign = createContextSigner({ name, secret, clock })
  return async ({ body, context }) => write(body, context, await sign(body, context))
}

type Writer = (request: WireRequest) => string | Promise<string>

async function ask(wire: Wire, request: WireRequest): Promise<Buffer> {
  const { options, budget, write } = wire
  const written = write(request)
  const text = typeof written === 'string' ? written : await written
  let answer: WireAnswer
  try {
    answer = await send(wire, request, { text, isAgain: false })
  } catch (reason) {
    answer = await askAgain(wire, request, { text, reason })
  } finally {
    budget.earn()
  }
  return readBody(options.name, answer)
}

/** A broken connection may have carried the request or not, so only what changes nothing is sent again. */
async function askAgain(
  wire: Wire,
  request: WireRequest,
  { text, reason }: { readonly text: string; readonly reason: unknown },
): Promise<WireAnswer> {
  const { options, budget } = wire
  const isBroken = reason instanceof WireError && reason.failure === 'broken'
  if (!(isBroken && request.repeatable && budget.take())) throw wireFault(options.name, reason)
  options.log.debug({ subgraph: options.name }, 'connection broke; asking once more')
  return await send(wire, request, { text, isAgain: true }).catch((again: unknown) => {
    throw wireFault(options.name, again)
  })
}

interface Attempt {
  readonly text: string
  readonly isAgain: boolean
}

function send(wire: Wire, request: WireRequest, { text, isAgain }: Attempt): Promise<WireAnswer> {
  const { deadline } = request.context
  if (deadline > wire.clock.now()) return wire.pool.send({ text, deadline, isAgain })
  return Promise.reject(new Fault('DEADLINE_EXCEEDED', `No time was left to ask ${wire.options.name}.`))
}
