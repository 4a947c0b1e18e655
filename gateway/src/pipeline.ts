import type { Clock } from '@stoa/platform/clock'
import type { Random } from '@stoa/platform/random'
import { ok, type Result } from '@stoa/platform/result'
import type { RequestContext } from '@stoa/platform/subgraph'
import { childTraceparent } from '@stoa/platform/traceparent'
import { getVariableValues } from 'graphql'
import type { Access, Caller } from './access/access.ts'
import type { Answer } from './answer-response.ts'
import { guardDocument } from './documents/check-document.ts'
import { type PreparedOperation, prepareOperation } from './documents/prepare-operation.ts'
import { type ChosenDocument, chooseDocument } from './documents/trusted-documents.ts'
import { readOperationContext } from './edge/operation-directives.ts'
import type { Graph } from './graph.ts'
import { checkNames } from './guards/guard-json.ts'
import type { Limits } from './limits.ts'
import type { GatewayOptions, GatewayRequest } from './options.ts'
import { type Refusal, refuse, refuseAll } from './refusal.ts'

export interface Pipeline {
  readonly options: GatewayOptions
  readonly limits: Limits
  readonly clock: Clock
  readonly random: Random
  readonly access: Access
}

/** A request that has an id by which it is found again in logs and subgraphs. */
export interface NamedRequest extends GatewayRequest {
  readonly correlationId: string
}

/**
 * The one way through the gateway, whatever the transport: guard, who, document, validate, plan, authorise, run.
 * Each step may refuse; nothing is fetched before all of them agreed.
 */
export async function runPipeline(
  pipeline: Pipeline,
  graph: Graph,
  request: NamedRequest,
): Promise<Result<Answer, Refusal>> {
  const guarded = guardRequest(pipeline, graph, request)
  if (!guarded.ok) return guarded
  const caller = await pipeline.access.identify(request.credentials ?? {})
  if (!caller.ok) return caller
  const document = findDocument(pipeline, request, caller.value)
  if (!document.ok) return document
  const prepared = prepare(graph, document.value, request.operationName)
  if (!prepared.ok) return prepared
  const variables = coerceVariables(graph, prepared.value, request)
  if (!variables.ok) return variables
  const step = {
    pipeline,
    graph,
    request,
    caller: caller.value,
    document: document.value,
    operation: prepared.value,
    variables: variables.value,
  }
  const allowed = allow(step)
  return allowed.ok ? await run(step) : allowed
}

interface Step {
  readonly pipeline: Pipeline
  readonly graph: Graph
  readonly request: NamedRequest
  readonly caller: Caller
  readonly document: ChosenDocument
  readonly operation: PreparedOperation
  readonly variables: Readonly<Record<string, unknown>>
}

/** What can be refused without knowing who asks: cheap, and before anything is parsed. */
function guardRequest({ limits }: Pipeline, graph: Graph, request: NamedRequest): Result<void, Refusal> {
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

function findDocument(
  { options }: Pipeline,
  request: NamedRequest,
  caller: Caller,
): Result<ChosenDocument, Refusal> {
  const { documents: trusted = new Map(), adHocDocuments = true } = options
  return chooseDocument(request, { trusted, adHocDocuments }, caller.documentIds)
}

/** Everything that depends only on the document is done once. */
function prepare(
  graph: Graph,
  document: ChosenDocument,
  operationName: string | undefined,
): Result<PreparedOperation, Refusal> {
  const key = cacheKey(document, operationName)
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

/** The document as it came: two that differ by a blank are two, so that no rule can see another one than was cached. */
function cacheKey({ id, text }: ChosenDocument, operationName = ''): string {
  return id === undefined ? `t ${operationName} ${text}` : `i ${operationName} ${id}`
}

function coerceVariables(
  graph: Graph,
  { node }: PreparedOperation,
  request: NamedRequest,
): Result<Readonly<Record<string, unknown>>, Refusal> {
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

function allow({ pipeline, request, caller, document, operation }: Step): Result<void, Refusal> {
  if (operation.kind === 'mutation' && request.mayMutate === false)
    return refuse('METHOD_NOT_ALLOWED', 'A GET must change nothing. Send mutations by POST.')
  const name = operation.node.name?.value
  const facts = { kind: operation.kind, name, documentId: document.id }
  const errors = pipeline.options.authorise?.(facts, caller.principal) ?? []
  return errors.length === 0 ? ok(undefined) : { ok: false, error: { severity: 'document', errors } }
}

async function run(step: Step): Promise<Result<Answer, Refusal>> {
  const { operation, variables, request, pipeline } = step
  const context = requestContext(step)
  if (!context.ok) return context
  const planned = operation.planFor(variables)
  if (!planned.ok) return planned
  const { executable, shown } = planned.value
  const answer = await executable.run({ variables, context: context.value })
  const showPlan = request.includePlan === true && pipeline.options.exposePlans === 'header'
  const extensions = showPlan ? { queryPlan: shown } : undefined
  if ('json' in answer)
    return ok({ json: extensions ? withExtensions(answer.json, extensions) : answer.json })
  const { data, errors } = answer
  return ok({ body: { data, ...(errors.length > 0 && { errors }), ...(extensions && { extensions }) } })
}

/** Plans are made of names, so their characters are bytes. */
function withExtensions(json: string, extensions: object): string {
  return `${json.slice(0, -1)},"extensions":${JSON.stringify(extensions)}}`
}

function requestContext(step: Step): Result<RequestContext, Refusal> {
  const { pipeline, graph, request, caller, operation, variables } = step
  const { markets = [], defaultMarket } = pipeline.options
  const { idempotencyKey } = request
  const sources = { operation: operation.node, variables, idempotencyKey }
  const read = readOperationContext(sources, { schema: graph.schema, markets, defaultMarket })
  if (!read.ok) return read
  const { market, language, idempotencyKey: key } = read.value
  const latest = pipeline.clock.now() + pipeline.limits.deadlineMs
  return ok({
    principal: caller.principal,
    market,
    language,
    ...(key !== undefined && { idempotencyKey: key }),
    correlationId: request.correlationId,
    traceparent: childTraceparent(request.traceparent, pipeline.random),
    deadline: Math.min(request.deadline ?? latest, latest),
  })
}
