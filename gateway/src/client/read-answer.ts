import { Fault } from '@stoa/platform/fault'
import type { SubgraphResponse } from '@stoa/platform/subgraph'
import { checkJsonDepth } from '../guards/guard-json.ts'
import type { WireAnswer } from './response-parser.ts'

const ANSWER_DEPTH = 128

/** The body of a response that may be a GraphQL answer: those come with any status, but always as JSON. */
export function readBody(name: string, { status, type, body, isUtf8 }: WireAnswer): Buffer {
  const isJson = type !== undefined && /^application\/(graphql-response\+)?json\s*(;|$)/i.test(type)
  if (status >= 500 && !isJson)
    throw new Fault('UPSTREAM_UNAVAILABLE', `${name} answered with status ${status}.`)
  if (status === 401 || status === 403)
    throw new Fault(
      'UPSTREAM_INVALID',
      `${name} refused the gateway with ${status}. Check that both share one secret.`,
    )
  if (!isJson)
    throw new Fault(
      'UPSTREAM_INVALID',
      `${name} answered ${status} with ${type ?? 'no type'}, expected JSON.`,
    )
  if (!isUtf8) throw new Fault('UPSTREAM_INVALID', `${name} answered with text that is not UTF-8.`)
  return body
}

/** What a body says, as far as its outside goes. */
export function readAnswer(name: string, text: string): SubgraphResponse {
  if (!checkJsonDepth(text, ANSWER_DEPTH).ok)
    throw new Fault('UPSTREAM_INVALID', `${name} answered with JSON that nests deeper than ${ANSWER_DEPTH}.`)
  const answer = parse(name, text)
  if (typeof answer !== 'object' || answer === null || !('data' in answer || 'errors' in answer))
    throw new Fault('UPSTREAM_INVALID', `${name} answered with neither data nor errors.`)
  // The engine looks at every part of it before use: this is only a claim about its outside.
  return answer as SubgraphResponse
}

function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Fault('UPSTREAM_INVALID', `${name} answered with text that is not JSON.`, { cause })
  }
}
