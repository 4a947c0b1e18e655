import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Envelope } from '@stoa/platform/event'
import type { EventBus } from '@stoa/platform/event-bus'
import { toFault } from '@stoa/platform/fault'
import type { Log } from '@stoa/platform/log'
import type { Result } from '@stoa/platform/result'
import { readBody } from './read-body.ts'
import { type Handler, sendJson } from './router.ts'

/** Turns one vendor's signed notice into our facts, or says what is wrong with it. */
export type Translate = (notice: Notice) => Result<readonly Envelope[], HookProblem>

export interface Notice {
  readonly body: string
  readonly headers: IncomingMessage['headers']
}

export interface HookProblem {
  readonly code: string
  readonly message: string
}

const MAX_NOTICE_BYTES = 1_000_000

/** A webhook: acknowledged only after its facts are durable on the bus, so the vendor's retries cannot lose one. */
export function webhook(parts: { readonly bus: EventBus; readonly log: Log }, translate: Translate): Handler {
  return async (request, response) => {
    const body = await readBody(request, MAX_NOTICE_BYTES)
    if (body === undefined) return tooLarge(response)
    const facts = translate({ body, headers: request.headers })
    if (!facts.ok) {
      parts.log.warn({ code: facts.error.code, path: request.url }, facts.error.message)
      return sendJson(response, facts.error.code === 'BAD_SIGNATURE' ? 401 : 400, facts.error)
    }
    try {
      await parts.bus.publish(facts.value)
      sendJson(response, 202, { accepted: facts.value.length })
    } catch (reason) {
      const fault = toFault(reason)
      parts.log.error({ err: fault }, 'A notice could not be published; its sender will try again')
      sendJson(response, 503, { code: fault.code, message: 'Not taken in. Send it again.' })
    }
  }
}

function tooLarge(response: ServerResponse): void {
  sendJson(response, 413, { code: 'PAYLOAD_TOO_LARGE', message: `A notice has at most ${MAX_NOTICE_BYTES} bytes.` })
}
