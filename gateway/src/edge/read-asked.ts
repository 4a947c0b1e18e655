import { err, ok, type Result } from '@stoa/platform/result'
import { checkJsonDepth } from '../guards/guard-json.ts'
import type { GatewayRequest } from '../options.ts'
import { quote } from '../quote.ts'
import { type Refusal, refuse } from '../refusal.ts'

/** What a request asks for, before its headers are looked at. */
export type Asked = Pick<GatewayRequest, 'query' | 'documentId' | 'operationName' | 'variables' | 'mayMutate'>

const KINDS: readonly (readonly [name: string, kind: 'string' | 'object'])[] = [
  ['query', 'string'],
  ['documentId', 'string'],
  ['operationName', 'string'],
  ['variables', 'object'],
  ['extensions', 'object'],
]

/** The members of a GraphQL request, each of the right kind; null counts as absent, and others are ignored. */
export function readAsked(given: JsonRecord): Result<Asked, Refusal> {
  for (const [name, kind] of KINDS) {
    const value = given[name] ?? undefined
    const isRight = kind === 'string' ? typeof value === 'string' : isRecord(value)
    if (value !== undefined && !isRight)
      return refuse('REQUEST_INVALID', `Expected "${name}" to be of type ${kind}, got ${kindOf(value)}.`)
  }
  const { query, documentId, operationName, variables } = given
  return ok({
    ...(typeof query === 'string' && { query }),
    ...(typeof documentId === 'string' && { documentId }),
    ...(typeof operationName === 'string' && { operationName }),
    ...(isRecord(variables) && { variables }),
  })
}

/** Parses JSON that nests no deeper than `depth`; `where` it stands is for the message. */
export function parseJson(text: string, where: string, depth: number): Result<unknown, Refusal> {
  const checked = checkJsonDepth(text, depth)
  if (!checked.ok) return err(checked.error)
  if (text === '') return refuse('JSON_INVALID', `Expected JSON in ${where}, got nothing. ${AS_IN}`)
  try {
    return ok(JSON.parse(text))
  } catch (reason) {
    const why = whatBroke(reason, text.length)
    return refuse('JSON_INVALID', `Expected JSON in ${where}, got text that is none: ${why}. ${AS_IN}`)
  }
}

const AS_IN = 'Send {"query": "…", "variables": {…}}.'

/** The engine tells a place, or else what stands around it: at most 21 characters. */
function whatBroke(reason: unknown, length: number): string {
  const message = reason instanceof SyntaxError ? reason.message : ''
  const placed = /^(.*) in JSON at position \d+ \((.*)\)$/s.exec(message)
  if (placed) return `${placed[1]} at ${placed[2]}`
  const around = /^Unexpected token .*?, (?:\.\.\.)?"(.*)"(?:\.\.\.)? is not valid JSON$/s.exec(message)
  return around ? `Unexpected token in ${quote(around[1] ?? '')}` : `It ends after ${length} characters`
}

/** What a value is, in a word. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'a list' : typeof value
}

export type JsonRecord = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
