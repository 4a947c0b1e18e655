import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Clock } from '@stoa/platform/clock'
import { Fault } from '@stoa/platform/fault'
import { invariant } from '@stoa/platform/invariant'
import type { RequestContext, SubgraphRequest, SubgraphResponse } from '@stoa/platform/subgraph'
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { withDeadline } from '../engine/with-deadline.ts'
import { type EventSourceClient, MOST_EVENT_BYTES } from './event-source.ts'
import { readAnswer } from './read-answer.ts'

export interface SseSourceOptions {
  readonly name: string
  readonly url: string
  /** The context token for a body; absent: a subgraph that takes no context. */
  readonly sign: ((body: string, context: RequestContext) => Promise<string>) | undefined
  readonly clock: Clock
  readonly ca: string | undefined
}

/**
 * Events of a subgraph that speaks GraphQL over server-sent events, each subscription over a connection of its own
 * (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md, distinct connections).
 */
export function createSseSource(options: SseSourceOptions): EventSourceClient {
  const open = new Set<AbortController>()
  return {
    async subscribe(request, signal) {
      const leaving = new AbortController()
      const { clock } = options
      const answer = await withDeadline(clock, request.context.deadline, () =>
        ask(options, request, AbortSignal.any([signal, leaving.signal])),
      ).catch((reason: unknown) => {
        leaving.abort()
        throw unreachable(options.name, reason)
      })
      open.add(leaving)
      answer.once('close', () => open.delete(leaving))
      return answersIn(options.name, answer, signal)
    },
    async [Symbol.asyncDispose]() {
      for (const leaving of open) leaving.abort()
    },
  }
}

async function ask(
  { name, url, sign, ca }: SseSourceOptions,
  { query, operationName, variables, context }: SubgraphRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const body = JSON.stringify({ query, operationName, variables })
  // The signer counts one character for each byte.
  const token = await sign?.(Buffer.from(body).toString('latin1'), context)
  const { request } = url.startsWith('https:') ? await import('node:https') : await import('node:http')
  const asking = request(url, {
    ...{ method: 'POST', signal, agent: false },
    ...(ca !== undefined && { ca }),
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'x-correlation-id': context.correlationId,
      ...(context.traceparent !== undefined && { traceparent: context.traceparent }),
      ...(token !== undefined && { 'stoa-context': token }),
    },
  })
  // What breaks after the answer has begun is told by the answer, too.
  asking.on('error', () => {}).end(body)
  const [answer]: IncomingMessage[] = await once(asking, 'response')
  invariant(answer, 'a response')
  return checkAnswer(name, answer)
}

function checkAnswer(name: string, answer: IncomingMessage): IncomingMessage {
  const { statusCode = 0, headers } = answer
  const type = headers['content-type'] ?? 'nothing'
  if (statusCode === 200 && /^text\/event-stream\s*(;|$)/i.test(type)) {
    // A peer that is gone without a word is found out by the operating system.
    answer.socket.setKeepAlive(true, QUIET_MS)
    return answer
  }
  answer.destroy()
  const said = `${name} answered a subscription with ${statusCode} and ${type}, expected text/event-stream.`
  throw new Fault(statusCode >= 500 ? 'UPSTREAM_UNAVAILABLE' : 'UPSTREAM_INVALID', said)
}

const QUIET_MS = 30_000

async function* answersIn(
  name: string,
  answer: IncomingMessage,
  signal: AbortSignal,
): AsyncGenerator<SubgraphResponse> {
  try {
    for await (const { event, data } of messagesIn(name, answer)) {
      if (event === 'complete') return
      if (event === 'next') yield readAnswer(name, data)
    }
  } catch (reason) {
    if (signal.aborted) return
    throw unreachable(name, reason)
  } finally {
    answer.destroy()
  }
  throw new Fault('UPSTREAM_UNAVAILABLE', `${name} ended its events without saying that they are complete.`)
}

async function* messagesIn(name: string, answer: IncomingMessage): AsyncGenerator<EventSourceMessage> {
  const read = createReader(name)
  for await (const text of answer.setEncoding('utf8')) yield* read(text)
}

/** Gives the messages that are whole by now. */
function createReader(name: string): (text: string) => readonly EventSourceMessage[] {
  const messages: EventSourceMessage[] = []
  let isFull = false
  const parser = createParser({
    maxBufferSize: MOST_EVENT_BYTES,
    onEvent: (message) => void messages.push(message),
    onError({ type }) {
      if (type === 'max-buffer-size-exceeded') isFull = true
    },
  })
  return (text) => {
    parser.feed(text)
    if (isFull)
      throw new Fault(
        'UPSTREAM_INVALID',
        `${name} told an event of more than ${MOST_EVENT_BYTES} characters.`,
      )
    return messages.splice(0)
  }
}

/** What a connection says about its end. */
function unreachable(name: string, reason: unknown): Fault {
  if (reason instanceof Fault) return reason
  return new Fault('UPSTREAM_UNAVAILABLE', `The events of ${name} broke off: ${String(reason)}`, {
    cause: reason,
  })
}
