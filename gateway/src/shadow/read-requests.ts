import { err, ok, type Result } from '@stoa/platform/result'
import { Kind, OperationTypeNode, parse } from 'graphql'

/** One line of the file: a request as a head sends it. */
export interface ShadowRequest {
  readonly line: number
  readonly body: string
}

/** Every line that is a query. What changes something is refused: asked of both, it would be done twice. */
export function readRequests(text: string): Result<readonly ShadowRequest[], readonly string[]> {
  const requests: ShadowRequest[] = []
  const problems: string[] = []
  for (const [index, body] of text.split('\n').entries()) {
    if (body.trim() === '') continue
    const problem = problemOf(body)
    if (problem === undefined) requests.push({ line: index + 1, body })
    else problems.push(`line ${index + 1}: ${problem}`)
  }
  if (requests.length === 0 && problems.length === 0) problems.push('expected a request or more, got none')
  return problems.length > 0 ? err(problems) : ok(requests)
}

function problemOf(body: string): string | undefined {
  const query = queryOf(body)
  if (query === undefined) return 'expected a JSON object with "query", a text'
  try {
    const operations = parse(query).definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION)
    const other = operations.find(({ operation }) => operation !== OperationTypeNode.QUERY)
    return other ? `expected queries only, got a ${other.operation}; leave it out` : undefined
  } catch (reason) {
    return reason instanceof Error ? reason.message : String(reason)
  }
}

function queryOf(body: string): string | undefined {
  try {
    const request: unknown = JSON.parse(body)
    const has = typeof request === 'object' && request !== null && 'query' in request
    return has && typeof request.query === 'string' ? request.query : undefined
  } catch {
    return undefined
  }
}
