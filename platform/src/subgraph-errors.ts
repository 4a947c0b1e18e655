import { GraphQLError } from 'graphql'
import { Fault, type FaultCode } from './fault.ts'
import type { Log } from './log.ts'
import type { Random } from './random.ts'
import type { SubgraphError } from './subgraph.ts'

export interface ErrorParts {
  readonly log: Log
  readonly random: Random
}

/**
 * Whatever a resolver threw, as an error that may be shown: a code of docs/errors.md, a message, a path.
 * What must not be shown goes to the log, under the error id that the caller gets instead.
 */
export function showError(error: GraphQLError, correlationId: string, parts: ErrorParts): SubgraphError {
  const path = error.path && { path: error.path }
  const cause = rootOf(error)
  const open = openly(error, cause)
  if (open) return { message: open.message, ...path, extensions: { code: open.code } }
  const code = cause instanceof Fault ? cause.code : 'INTERNAL'
  const errorId = parts.random.uuid()
  parts.log.error(
    { err: cause, errorId, correlationId, code, path: error.path?.join('.') },
    'A resolver failed',
  )
  return { message: HIDDEN[code] ?? HIDDEN_BUG, ...path, extensions: { code, errorId } }
}

/** graphql-js wraps what a resolver throws, and Apollo Server wraps that. */
function rootOf(error: GraphQLError): Error {
  let root: Error = error
  while (root instanceof GraphQLError && root.originalError) root = root.originalError
  return root
}

interface Open {
  readonly code: string
  readonly message: string
}

/** What was written for the caller: some faults, and complaints about the request itself. */
function openly(error: GraphQLError, cause: Error): Open | undefined {
  if (cause instanceof Fault)
    return cause.code in HIDDEN ? undefined : { code: cause.code, message: cause.message }
  const code = error.extensions['code']
  if (typeof code !== 'string' || code === 'INTERNAL_SERVER_ERROR') return undefined
  return { code: code === 'BAD_USER_INPUT' ? 'BAD_REQUEST' : code, message: error.message }
}

const HIDDEN_BUG = 'Something went wrong on our side. Please report the error id.'

/** Their own messages may hold hosts, paths or what a vendor said. */
const HIDDEN: Partial<Record<FaultCode, string>> = {
  BAD_CONFIG: HIDDEN_BUG,
  BAD_SCHEMA: HIDDEN_BUG,
  DEADLINE_EXCEEDED: 'This took longer than the request allows. Try again.',
  DISK_FULL: 'Nothing can be stored at the moment. Try again later.',
  INTERNAL: HIDDEN_BUG,
  READ_ONLY_STORE: 'Nothing can be stored at the moment. Try again later.',
  STORE_CORRUPT: HIDDEN_BUG,
  STORE_UNAVAILABLE: 'The data cannot be reached at the moment. Try again.',
  UPSTREAM_INVALID:
    'A system behind the shop gave an answer that cannot be used. Please report the error id.',
  UPSTREAM_UNAVAILABLE: 'A system behind the shop does not answer at the moment. Try again.',
}
