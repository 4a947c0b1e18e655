import { ok, type Result } from '@stoa/platform/result'
import { getVariableValues } from 'graphql'
import type { Caller } from './access/access.ts'
import { guardDocument } from './documents/check-document.ts'
import { type PreparedOperation, prepareOperation } from './documents/prepare-operation.ts'
import { keepRequest, type ReadyRequest } from './documents/ready-request.ts'
import type { ChosenDocument } from './documents/trusted-documents.ts'
import { type OperationContext, readOperationContext } from './edge/operation-directives.ts'
import type { Asked } from './edge/read-asked.ts'
import type { Graph } from './graph.ts'
import { checkNames } from './guards/guard-json.ts'
import type { Pipeline, PipelineRequest } from './pipeline.ts'
import { type Refusal, refuse, refuseAll } from './refusal.ts'

export interface Asking {
  readonly pipeline: Pipeline
  readonly graph: Graph
  readonly request: PipelineRequest
  readonly caller: Caller
  readonly document: ChosenDocument
}

interface Variables {
  readonly [name: string]: unknown
}

/** What a request says, held against the graph and against what this caller may do. */
export function understand(asking: Asking): Result<ReadyRequest, Refusal> {
  const operation = prepare(asking)
  return operation.ok ? understandAs(asking, operation.value) : operation
}

/** The same when its document is ready. */
export function understandAs(asking: Asking, operation: PreparedOperation): Result<ReadyRequest, Refusal> {
  const { graph, request } = asking
  const variables = coerceVariables(asking, operation)
  if (!variables.ok) return variables
  const allowed = allow(asking, operation)
  if (!allowed.ok) return allowed
  const context = contextOf(asking, operation, variables.value)
  if (!context.ok) return context
  const ready = {
    graph,
    asked: askedIn(request),
    key: keyOf(asking),
    operation,
    variables: variables.value,
    context: context.value,
  }
  if (request.raw !== undefined) keepRequest(graph, request.raw, ready)
  return ok(ready)
}

/** Whether its document is still to be made ready. */
export function isNew(asking: Asking): boolean {
  return asking.graph.operations.get(keyOf(asking)) === undefined
}

/** Of a request that came before only what depends on who sends it. */
export function allowAgain(asking: Asking, ready: ReadyRequest): Result<ReadyRequest, Refusal> {
  const allowed = allow(asking, ready.operation)
  return allowed.ok ? ok(ready) : allowed
}

/** What can be refused without knowing who asks: cheap, and before anything is parsed. */
export function guardRequest(graph: Graph, request: PipelineRequest): Result<void, Refusal> {
  const { limits } = graph
  const named = checkNames(request.variables, limits.jsonDepth)
  if (!named.ok || request.query === undefined) return named
  if (request.query.length > limits.bodyBytes) return refuseLength(limits.bodyBytes)
  const isKnown = graph.operations.get(
    cacheKey({ text: request.query, id: undefined }, request.operationName),
  )
  return isKnown ? ok(undefined) : guardDocument(request.query, limits.adHoc, limits.jsonDepth)
}

/** Whoever calls from this process has no body to be measured, and even looking a text up costs its length. */
function refuseLength(limit: number): Result<never, Refusal> {
  return refuse('BODY_TOO_LARGE', `Expected a document of at most ${limit} characters. Send a document id.`, {
    limit,
  })
}

/** Everything that depends only on the document is done once. */
export function prepare(asking: Asking): Result<PreparedOperation, Refusal> {
  const { graph, document, request } = asking
  const { operationName } = request
  const key = keyOf(asking)
  const known = graph.operations.get(key)
  if (known) return ok(known)
  const limits = document.id === undefined ? graph.limits.adHoc : graph.limits.trusted
  const { text } = document
  const guarded = guardDocument(text, limits, graph.limits.jsonDepth)
  if (!guarded.ok) return guarded
  const prepared = prepareOperation(graph, { text, operationName, limits })
  if (prepared.ok) graph.operations.set(key, prepared.value, prepared.value.bytes)
  return prepared
}

/** By which what is ready is kept. */
export function keyOf({ document, request }: Asking): string {
  return cacheKey(document, request.operationName)
}

/** The document as it came: two that differ by a blank are two, so that no rule can see another one than was cached. */
function cacheKey({ id, text }: ChosenDocument, operationName = ''): string {
  return id === undefined ? `t ${operationName} ${text}` : `i ${operationName} ${id}`
}

export function coerceVariables(
  { graph, request }: Asking,
  { node }: PreparedOperation,
): Result<Variables, Refusal> {
  const { coerced, errors = [] } = getVariableValues(
    graph.schema,
    node.variableDefinitions ?? [],
    request.variables ?? {},
    { hideSuggestions: !graph.introspection, maxErrors: 10 },
  )
  if (coerced) return ok(coerced)
  const shown = errors.map(({ message, locations }) => ({ message, locations: locations ?? [] }))
  return refuseAll('VARIABLES_INVALID', shown)
}

function allow(
  { pipeline, request, caller, document }: Asking,
  { kind, node }: PreparedOperation,
): Result<void, Refusal> {
  if (kind === 'mutation' && request.mayMutate === false)
    return refuse('METHOD_NOT_ALLOWED', 'A GET must change nothing. Send mutations by POST.')
  if (kind === 'subscription' && request.mayStream !== true)
    return refuse(
      'OPERATION_UNSUPPORTED',
      'A subscription needs an answer in parts. Send it with "Accept: text/event-stream", or over a WebSocket.',
    )
  const facts = { kind, name: node.name?.value, documentId: document.id }
  const errors = pipeline.options.authorise?.(facts, caller.principal) ?? []
  return errors.length === 0 ? ok(undefined) : { ok: false, error: { severity: 'document', errors } }
}

function contextOf(
  { pipeline, graph }: Asking,
  { node }: PreparedOperation,
  variables: Variables,
): Result<OperationContext, Refusal> {
  const { markets = [], defaultMarket } = pipeline.options
  return readOperationContext(
    { operation: node, variables },
    { schema: graph.schema, markets, defaultMarket },
  )
}

/** Without what only this caller sent. */
function askedIn({ query, documentId, operationName, variables }: PipelineRequest): Asked {
  return {
    ...(query !== undefined && { query }),
    ...(documentId !== undefined && { documentId }),
    ...(operationName !== undefined && { operationName }),
    ...(variables !== undefined && { variables }),
  }
}
