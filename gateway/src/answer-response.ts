import type { GatewayResponse, GraphAnswer } from './options.ts'

/** An answer in parts, or as JSON with one character for each byte. */
export type Answer = { readonly body: GraphAnswer } | { readonly json: string }

/** A response whose other form is made when somebody looks at it, and once. */
export function answerResponse(
  head: Pick<GatewayResponse, 'status' | 'legacyStatus' | 'headers'>,
  answer: Answer,
): GatewayResponse {
  let json = 'json' in answer ? answer.json : undefined
  let body = 'body' in answer ? answer.body : undefined
  return {
    ...head,
    get json() {
      json ??= Buffer.from(JSON.stringify(body)).toString('latin1')
      return json
    },
    get body() {
      body ??= parse(json ?? '{}')
      return body
    },
  }
}

function parse(json: string): GraphAnswer {
  return JSON.parse(Buffer.from(json, 'latin1').toString())
}
