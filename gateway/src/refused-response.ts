import type { Reply } from './answer-response.ts'
import type { Refusal } from './refusal.ts'

/** The answer to a request of which nothing was run. */
export function refusedReply({ severity, errors, retryAfterS }: Refusal, correlationId?: string): Reply {
  const status = severity === 'field' ? 200 : severity === 'document' ? 400 : severity
  return {
    status,
    legacyStatus: severity === 'document' ? 200 : status,
    correlationId,
    ...(retryAfterS !== undefined && { retryAfterS }),
    answer: { body: { errors } },
  }
}
