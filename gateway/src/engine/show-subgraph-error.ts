import type { SubgraphError } from '@stoa/platform/subgraph'
import { type GraphError, graphError } from '../refusal.ts'
import { isObject } from './data.ts'
import type { Run } from './run-plan.ts'

/**
 * A subgraph's error as a client may read it: its code, and its message only if the code says that somebody meant it
 * to be read. Everything else goes to the log.
 */
export function showSubgraphError(run: Run, subgraph: string, error: SubgraphError): GraphError {
  const { parts, request } = run
  const { correlationId } = request.context
  const { message, extensions, code } = readError(error)
  parts.log.info({ subgraph, code, message, path: error.path, correlationId }, 'subgraph error')
  const isMeant = code !== undefined && !UNMEANT.has(code) && !code.startsWith('GRAPHQL_')
  const shown = shownExtensions(extensions)
  if (isMeant || parts.subgraphMessages === 'pass')
    return graphError('SUBGRAPH_FAILED', message, { ...shown, ...(code !== undefined && { code }) })
  return graphError('SUBGRAPH_FAILED', 'The service behind this field failed. Try again later.', {
    ...shown,
    ...(code === 'INTERNAL' && { code }),
    correlationId,
  })
}

/** Codes that are given to errors nobody foresaw. */
const UNMEANT: ReadonlySet<string> = new Set([
  'DOWNSTREAM_SERVICE_ERROR',
  'INTERNAL',
  'INTERNAL_SERVER_ERROR',
])

interface ReadError {
  readonly message: string
  readonly extensions: Readonly<Record<string, unknown>>
  readonly code: string | undefined
}

function readError(error: SubgraphError): ReadError {
  const extensions = isObject(error.extensions) ? error.extensions : {}
  const code = typeof extensions['code'] === 'string' ? extensions['code'] : undefined
  return { message: typeof error.message === 'string' ? error.message : 'No message.', extensions, code }
}

const SHOWN = ['argument', 'errorId', 'retryable'] as const

function shownExtensions(extensions: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(SHOWN.flatMap((key) => (key in extensions ? [[key, extensions[key]]] : [])))
}
