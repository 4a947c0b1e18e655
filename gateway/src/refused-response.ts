import { answerResponse } from './answer-response.ts'
import type { GatewayResponse } from './options.ts'
import type { Refusal } from './refusal.ts'

/** The answer to a request of which nothing was run. */
export function refusedResponse(
  { severity, errors }: Refusal,
  headers: Readonly<Record<string, string>> = {},
): GatewayResponse {
  const status = severity === 'field' ? 200 : severity === 'document' ? 400 : severity
  const head = {
    status,
    legacyStatus: severity === 'document' ? 200 : status,
    headers: status === 401 ? { ...headers, 'www-authenticate': 'Bearer' } : headers,
  }
  return answerResponse(head, { body: { errors } })
}
