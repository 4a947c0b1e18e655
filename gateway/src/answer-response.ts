import type { Json } from './engine/engine.ts'
import type { GatewayResponse, GraphAnswer } from './options.ts'

/** An answer in parts, or as JSON; what was deferred comes after it. */
export type Answer = { readonly body: GraphAnswer } | { readonly json: Json; readonly later?: Later }

/** What comes after the first part of an answer. */
export interface Later {
  /** One JSON text after another. Never rejects. */
  readonly texts: AsyncIterable<string>
  /** Nobody waits for it any longer. */
  stop(): void
  /** When there is no more, or nobody waits. */
  readonly ended: Promise<void>
}

/** When all of an answer has been told; undefined when it is whole already. */
export function endOf(answer: Answer): Promise<void> | undefined {
  return 'json' in answer ? answer.later?.ended : undefined
}

/** What comes of a request, before a transport puts it into its own form. */
export interface Reply {
  /** For `application/graphql-response+json`. */
  readonly status: number
  /** For `application/json`. */
  readonly legacyStatus: number
  /** Absent: refused before it was given one. */
  readonly correlationId: string | undefined
  readonly answer: Answer
  /** Of a refusal that time heals. */
  readonly retryAfterS?: number
}

/** The body as it goes over the wire. */
export function payloadOf(answer: Answer): Json {
  return 'json' in answer ? answer.json : Buffer.from(JSON.stringify(answer.body)).toString('latin1')
}

/** The body as text, one character for each byte. */
export function jsonOf(answer: Answer): string {
  return textOf(payloadOf(answer))
}

/** One character for each byte. */
export function textOf(json: Json): string {
  return typeof json === 'string' ? json : json.toString('latin1')
}

/** A response for whoever runs the gateway without a wire. */
export function answerResponse(reply: Reply): GatewayResponse {
  const { status, legacyStatus, correlationId, answer, retryAfterS } = reply
  const headers = {
    ...(correlationId !== undefined && { 'x-correlation-id': correlationId }),
    ...(status === 401 && CHALLENGE),
    ...(retryAfterS !== undefined && { 'retry-after': `${retryAfterS}` }),
  }
  return { status, legacyStatus, headers, json: jsonOf(answer) }
}

/** Its body in parts. */
export function bodyOf({ json }: GatewayResponse): GraphAnswer {
  return JSON.parse(Buffer.from(json, 'latin1').toString())
}

/** What a 401 must say (RFC 9110, section 11.6.1). */
export const CHALLENGE = { 'www-authenticate': 'Bearer' } as const
