import type { Clock } from '@stoa/platform/clock'
import type { Random } from '@stoa/platform/random'
import { ok, type Result } from '@stoa/platform/result'
import type { RequestContext } from '@stoa/platform/subgraph'
import { childTraceparent } from '@stoa/platform/traceparent'
import type { Access } from './access/access.ts'
import type { Answer } from './answer-response.ts'
import type { ReadyRequest } from './documents/ready-request.ts'
import { chooseDocument } from './documents/trusted-documents.ts'
import { chooseIdempotencyKey } from './edge/operation-directives.ts'
import type { Graph } from './graph.ts'
import type { Limits } from './limits.ts'
import type { Credentials, GatewayOptions, GatewayRequest } from './options.ts'
import type { Refusal } from './refusal.ts'
import { type Asking, allowAgain, guardRequest, understand } from './understand-request.ts'

export interface Pipeline {
  readonly options: GatewayOptions
  readonly limits: Limits
  readonly clock: Clock
  readonly random: Random
  readonly access: Access
}

/** A request as a transport hands it on. */
export type PipelineRequest = {
  readonly [Name in keyof GatewayRequest]?: GatewayRequest[Name] | undefined
} & {
  /** By which it is found again when it comes again: its body, when nothing else says what is asked for. */
  readonly raw?: string | undefined
  /** What is known of it, on the graph that it runs on. */
  readonly ready?: ReadyRequest | undefined
}

/**
 * The one way through the gateway, whatever the transport: guard, who, document, validate, plan, authorise, run.
 * Each step may refuse; nothing is fetched before all of them agreed. `correlationId` is how the request is found
 * again in logs and subgraphs.
 */
export async function runPipeline(
  pipeline: Pipeline,
  graph: Graph,
  { request, correlationId }: NamedRequest,
): Promise<Result<Answer, Refusal>> {
  // It was found on another graph when one was exchanged for another just now.
  const known = request.ready?.graph === graph ? request.ready : undefined
  const guarded = known ? NOTHING_WRONG : guardRequest(graph, request)
  if (!guarded.ok) return guarded
  const identified = pipeline.access.identify(request.credentials ?? NO_CREDENTIALS)
  const caller = identified instanceof Promise ? await identified : identified
  if (!caller.ok) return caller
  const { documents: trusted = NO_DOCUMENTS, adHocDocuments = true } = pipeline.options
  const document = chooseDocument(request, { trusted, adHocDocuments }, caller.value.documentIds)
  if (!document.ok) return document
  const asking = { pipeline, graph, request, caller: caller.value, document: document.value }
  const ready = known ? allowAgain(asking, known) : understand(asking)
  return ready.ok ? await run({ ...asking, correlationId, ready: ready.value }) : ready
}

export interface NamedRequest {
  readonly request: PipelineRequest
  readonly correlationId: string
}

interface Running extends Asking {
  readonly correlationId: string
  readonly ready: ReadyRequest
}

const NOTHING_WRONG: Result<void, Refusal> = ok(undefined)
const NO_CREDENTIALS: Credentials = {}
const NO_DOCUMENTS: ReadonlyMap<string, string> = new Map()

async function run(running: Running): Promise<Result<Answer, Refusal>> {
  const { ready, request, pipeline } = running
  const context = requestContext(running)
  if (!context.ok) return context
  const planned = ready.operation.planFor(ready.variables)
  if (!planned.ok) return planned
  const { executable, shown } = planned.value
  const answer = await executable.run({ variables: ready.variables, context: context.value })
  const showPlan = request.includePlan === true && pipeline.options.exposePlans === 'header'
  const extensions = showPlan ? { queryPlan: shown } : undefined
  if ('json' in answer) return ok(extensions ? { json: withExtensions(answer.json, extensions) } : answer)
  const { data, errors } = answer
  return ok({ body: { data, ...(errors.length > 0 && { errors }), ...(extensions && { extensions }) } })
}

/** Plans are made of names, so their characters are bytes. */
function withExtensions(json: string, extensions: object): string {
  return `${json.slice(0, -1)},"extensions":${JSON.stringify(extensions)}}`
}

function requestContext(running: Running): Result<RequestContext, Refusal> {
  const { pipeline, request, caller, ready, correlationId } = running
  const { market, language, idempotencyKey } = ready.context
  const key = chooseIdempotencyKey(idempotencyKey, request.idempotencyKey)
  if (!key.ok) return key
  const latest = pipeline.clock.now() + pipeline.limits.deadlineMs
  const context = {
    principal: caller.principal,
    market,
    language,
    correlationId,
    traceparent: childTraceparent(request.traceparent, pipeline.random),
    deadline: request.deadline === undefined ? latest : Math.min(request.deadline, latest),
  }
  return ok(key.value === undefined ? context : { ...context, idempotencyKey: key.value })
}
