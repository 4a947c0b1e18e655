import type { IncomingMessage, ServerResponse } from 'node:http'
import { translateErpNotice } from '@stoa/adapter-erp/inbound'
import { translateWmsNotice } from '@stoa/adapter-wms/inbound'
import type { Clock } from '@stoa/platform/clock'
import type { Envelope } from '@stoa/platform/event'
import type { EventBus } from '@stoa/platform/event-bus'
import { toFault } from '@stoa/platform/fault'
import type { Log } from '@stoa/platform/log'
import type { Result } from '@stoa/platform/result'
import { readBody } from './read-body.ts'
import { type Handler, type Problem, type Routes, sendJson, sendProblem } from './router.ts'

/** Turns one vendor's signed notice into our facts, or says what is wrong with it. */
type Translate = (notice: Notice) => Result<readonly Envelope[], Problem>

interface Notice {
  readonly body: string
  readonly headers: IncomingMessage['headers']
}

const MAX_NOTICE_BYTES = 1_000_000

export interface HookParts {
  readonly bus: EventBus
  readonly clock: Clock
  readonly log: Log
}

/** Where vendors tell us what happened on their side. */
export function hookRoutes(parts: HookParts, secret: string): Routes {
  const vendors = { wms: translateWmsNotice, erp: translateErpNotice }
  const routes = Object.entries(vendors).map(([vendor, translate]) => {
    const handler = webhook(parts, (notice) => translate(notice, { secret, now: parts.clock.now() }))
    return [`POST /hooks/${vendor}`, handler] as const
  })
  return Object.fromEntries(routes)
}

/** A webhook: acknowledged only after its facts are durable on the bus, so the vendor's retries cannot lose one. */
function webhook(parts: HookParts, translate: Translate): Handler {
  return async (request, response) => {
    const body = await readBody(request, MAX_NOTICE_BYTES)
    if (body === undefined) return tooLarge(response)
    const facts = translate({ body, headers: request.headers })
    if (!facts.ok) {
      parts.log.warn({ code: facts.error.code, path: request.url }, facts.error.message)
      return sendProblem(response, facts.error.code === 'BAD_SIGNATURE' ? 401 : 400, facts.error)
    }
    try {
      await parts.bus.publish(facts.value)
      sendJson(response, 202, { accepted: facts.value.length })
    } catch (reason) {
      const fault = toFault(reason)
      parts.log.error({ err: fault }, 'A notice could not be published; its sender will try again')
      sendProblem(response, 503, { code: fault.code, message: 'Not taken in. Send it again.' })
    }
  }
}

function tooLarge(response: ServerResponse): void {
  sendProblem(response, 413, {
    code: 'PAYLOAD_TOO_LARGE',
    message: `A notice has at most ${MAX_NOTICE_BYTES} bytes.`,
  })
}
