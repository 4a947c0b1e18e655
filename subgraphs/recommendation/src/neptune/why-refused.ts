import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Fault } from '@stoa/platform/fault'
import { graphFault } from './graph-fault.ts'

export interface Refused {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** Epoch milliseconds, by our clock. */
  readonly now: number
  readonly withinMs: number
  readonly cause: unknown
}

/**
 * A WebSocket that could not be opened does not say why. The same request once more, by HTTP, does: by its status,
 * its words, and the time it has there.
 */
export async function whyRefused(refused: Refused): Promise<Fault> {
  const answer = await askAgain(refused).catch(() => undefined)
  if (!answer) return graphFault('away', refused.cause)
  const cause = new Error(`${answer.status}: ${answer.body}`, { cause: refused.cause })
  if (answer.status !== 401 && answer.status !== 403) return graphFault('away', cause)
  const skewed = Math.abs(answer.at - refused.now) > SIGNATURE_HOLDS_MS || SKEW_WORDS.test(answer.body)
  if (skewed) return graphFault('clock_skew', cause)
  return graphFault(/expired/i.test(answer.body) ? 'credentials_expired' : 'forbidden', cause)
}

const SIGNATURE_HOLDS_MS = 300_000
const SKEW_WORDS = /signature (?:expired|not yet current)/i
const MOST_WORDS = 2_000

interface HttpAnswer {
  readonly status: number
  readonly body: string
  /** Epoch milliseconds by the other clock; ours where it does not say. */
  readonly at: number
}

function askAgain({ url, headers, now, withinMs }: Refused): Promise<HttpAnswer> {
  const send = url.protocol === 'wss:' ? httpsRequest : httpRequest
  const signal = AbortSignal.timeout(withinMs)
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': KEY,
  }
  return new Promise((resolve, reject) => {
    const asked = send(url.href.replace(/^ws/, 'http'), {
      headers: { ...headers, ...upgrade },
      signal,
      agent: false,
    })
    asked.once('error', reject)
    asked.once('upgrade', (_, socket) => {
      socket.destroy()
      reject(new Error('It was let in this time.'))
    })
    asked.once('response', (response) => {
      const at = Date.parse(response.headers.date ?? '')
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        if (body.length < MOST_WORDS) body += chunk
      })
      response.once('error', reject)
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          body: body.slice(0, MOST_WORDS),
          at: Number.isNaN(at) ? now : at,
        }),
      )
    })
    asked.end()
  })
}

/** Any 16 bytes do: this socket is never used. */
const KEY = Buffer.alloc(16, 7).toString('base64')
