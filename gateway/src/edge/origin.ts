import type { IncomingMessage } from 'node:http'
import { ok, type Result } from '@stoa/platform/result'
import { quote } from '../quote.ts'
import { type Refusal, refuse } from '../refusal.ts'

/**
 * A browser opens a WebSocket to any site without asking it first, but says whose page does. Pages of this host may,
 * and those that are named; whoever says nothing is no browser.
 */
export function checkOrigin(
  { headers }: Pick<IncomingMessage, 'headers'>,
  named: readonly string[],
): Result<void, Refusal> {
  const { origin, host } = headers
  if (origin === undefined || named.includes(origin)) return ok(undefined)
  if (host !== undefined && URL.parse(origin)?.host === host.toLowerCase()) return ok(undefined)
  return refuse(
    'CROSS_SITE_REFUSED',
    `Pages of ${quote(origin)} may not open a WebSocket here. Name the origin where the gateway is set up.`,
  )
}
