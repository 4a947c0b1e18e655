import type { GatewayResponse } from './options.ts'
import type { Refusal } from './refusal.ts'

/** The answer to a request of which nothing was run. */
export function refusedResponse({ severity, errors }: Refusal): GatewayResponse {
  const status = severity === 'field' ? 200 : severity === 'document' ? 400 : severity
  return {
    status,
    legacyStatus: severity === 'document' ? 200 : status,
    headers: status === 401 ? { 'www-authenticate': 'Bearer' } : {},
    body: { errors },
  }
}
