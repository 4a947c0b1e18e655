import { err, ok, type Result } from '@stoa/platform/result'
import { checkJsonDepth } from '../guards/guard-json.ts'
import type { GatewayRequest } from '../options.ts'
import { type Refusal, refuse } from '../refusal.ts'

/** What a request asks for, before its headers are looked at. */
export type Asked = Pick<GatewayRequest, 'query' | 'documentId' | 'operationName' | 'variables' | 'mayMutate'>

const KINDS: Readonly<Record<string, 'string' | 'object'>> = {
  query: 'string',
  documentId: 'string',
  operationName: 'string',
  variables: 'object',
  extensions: 'object',
}

/** The members of a GraphQL request, each of the right kind; null counts as absent, and others are ignored. */
export function readAsked(given: JsonRecord): Result<Asked, Refusal> {
  for (const [name, kind] of Object.entries(KINDS)) {
    const value = given[name] ?? undefined
    const isRight = kind === 'string' ? typeof value === 'string' : isRecord(value)
    if (value !== undefined && !isRight)
      return refuse('REQUEST_INVALID', `Expected "${name}" to be of type ${kind}.`)
  }
  const { query, documentId, operationName, variables } = given
  return ok({
    ...(typeof query === 'string' && { query }),
    ...(typeof documentId === 'string' && { documentId }),
    ...(typeof operationName === 'string' && { operationName }),
    ...(isRecord(variables) && { variables }),
  })
}

/** Parses JSON that nests no deeper than `depth`. */
export function parseJson(text: string, depth: number): Result<unknown, Refusal> {
  const checked = checkJsonDepth(text, depth)
  if (!checked.ok) return err(checked.error)
  try {
    return ok(JSON.parse(text))
  } catch {
    return refuse(
      'JSON_INVALID',
      'Expected JSON, got text that cannot be parsed as it. Send {"query": "…", "variables": {…}}.',
    )
  }
}

export type JsonRecord = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
