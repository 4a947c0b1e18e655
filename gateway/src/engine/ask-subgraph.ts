import { type FaultCode, toFault } from '@stoa/platform/fault'
import { invariant } from '@stoa/platform/invariant'
import type { SubgraphResponse } from '@stoa/platform/subgraph'
import { chainOfCauses } from '../chain-of-causes.ts'
import type { GatewayErrorCode } from '../error-codes.ts'
import type { EntityFetchNode, RootFetchNode } from '../planner/plan.ts'
import { type GraphError, graphError } from '../refusal.ts'
import { type DataPath, isObject } from './data.ts'
import type { PlacedError } from './error-book.ts'
import type { Run } from './run-plan.ts'
import { showSubgraphError } from './show-subgraph-error.ts'
import { withDeadline } from './with-deadline.ts'

/** What came of one sub-request. */
export interface SubgraphAnswer {
  readonly data: unknown
  /** Errors with a path in the sub-request's own answer. */
  readonly placed: readonly PlacedError[]
  /** Why whatever is missing is missing, when no error with a path says so. */
  readonly whole: GraphError | undefined
}

/** Asks one subgraph, within the request's deadline. Never rejects. */
export async function askSubgraph(
  run: Run,
  fetch: RootFetchNode | EntityFetchNode,
  variables: Readonly<Record<string, unknown>>,
): Promise<SubgraphAnswer> {
  const { clients, log } = run.parts
  const client = clients.get(fetch.subgraph)
  invariant(client, `a client for the subgraph ${fetch.subgraph}`)
  const { context } = run.request
  try {
    const { operation: query, operationName } = fetch
    const asked = { query, ...(operationName !== undefined && { operationName }), variables }
    const recalled = run.recall?.response(fetch, () => Buffer.from(JSON.stringify(asked)).toString('latin1'))
    const response = await withDeadline(
      run.parts.clock,
      context.deadline,
      async () => recalled ?? client.execute({ ...asked, context }),
    )
    return readAnswer(run, fetch.subgraph, response)
  } catch (reason) {
    const fault = toFault(reason)
    const { subgraph } = fetch
    const known = FROM_FAULT[fault.code]
    // That a service is down or slow needs no stack, and may be said a thousand times a second.
    const detail = known ? { reason: chainOfCauses(fault) } : { err: fault }
    const { correlationId } = context
    log.warn({ subgraph, code: fault.code, ...detail, correlationId }, 'subgraph failed')
    return failed(run, known ?? 'SUBGRAPH_FAILED')
  }
}

const FROM_FAULT: Readonly<Partial<Record<FaultCode, GatewayErrorCode>>> = {
  DEADLINE_EXCEEDED: 'SUBGRAPH_TIMEOUT',
  OVERLOADED: 'SUBGRAPH_UNAVAILABLE',
  UPSTREAM_INVALID: 'SUBGRAPH_INVALID',
  UPSTREAM_UNAVAILABLE: 'SUBGRAPH_UNAVAILABLE',
}

const MESSAGES: Readonly<Partial<Record<GatewayErrorCode, string>>> = {
  SUBGRAPH_FAILED: 'The service behind this field failed. Try again later.',
  SUBGRAPH_INVALID: 'The service behind this field gave an answer that cannot be used. Try again later.',
  SUBGRAPH_TIMEOUT: 'The service behind this field did not answer in time. Try again later.',
  SUBGRAPH_UNAVAILABLE: 'The service behind this field cannot be reached. Try again later.',
}

function failed(run: Run, code: GatewayErrorCode): SubgraphAnswer {
  return { data: undefined, placed: [], whole: failure(run, code) }
}

function failure({ request }: Run, code: GatewayErrorCode): GraphError {
  const { correlationId } = request.context
  return graphError(code, MESSAGES[code] ?? code, { correlationId })
}

/** For what is missing or of another form although nothing was said to be wrong. */
export function unusable(run: Run): GraphError {
  return failure(run, 'SUBGRAPH_INVALID')
}

function readAnswer(run: Run, subgraph: string, response: SubgraphResponse): SubgraphAnswer {
  const { data, errors = [] }: SubgraphResponse = isObject(response) ? response : {}
  if (!isSound(data, errors)) {
    const { correlationId } = run.request.context
    run.parts.log.warn({ subgraph, correlationId }, 'subgraph gave neither data nor errors')
    return failed(run, 'SUBGRAPH_INVALID')
  }
  const shown = errors.map((error) => ({
    error: showSubgraphError(run, subgraph, error),
    path: pathOf(error),
  }))
  const placed = shown.flatMap(({ error, path }) => (path ? [{ error, path }] : []))
  return { data, placed, whole: shown.find(({ path }) => !path)?.error }
}

/** What came over a network is only said to be a response. */
function isSound(data: unknown, errors: unknown): boolean {
  if (!Array.isArray(errors) || !errors.every(isObject)) return false
  return isObject(data) || errors.length > 0
}

function pathOf(error: unknown): DataPath | undefined {
  const path = isObject(error) ? error['path'] : undefined
  if (!Array.isArray(path) || path.length === 0) return undefined
  return path.every((key) => typeof key === 'string' || typeof key === 'number') ? path : undefined
}
