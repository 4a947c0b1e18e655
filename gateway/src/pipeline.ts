import type { Clock } from '@stoa/platform/clock'
import type { Random } from '@stoa/platform/random'
import { ok, type Result } from '@stoa/platform/result'
import type { RequestContext } from '@stoa/platform/subgraph'
import { childTraceparent } from '@stoa/platform/traceparent'
import type { Access, Caller } from './access/access.ts'
import { planForRequest } from './active-overrides.ts'
import { type Answer, textOf } from './answer-response.ts'
import { answerInParts } from './deferred/answer-in-parts.ts'
import type { ReadyRequest } from './documents/ready-request.ts'
import { chooseDocument } from './documents/trusted-documents.ts'
import {
  chooseIdempotencyKey,
  type OperationContext,
  refuseIdempotency,
} from './edge/operation-directives.ts'
import type { Graph } from './graph.ts'
import { takeTurn } from './guards/rate.ts'
import type { Limits } from './limits.ts'
import type { Credentials, GatewayOptions, GatewayRequest, Rate } from './options.ts'
import type { Refusal } from './refusal.ts'
import { understandInTurns } from './understand-in-turns.ts'
import { type Asking, allowAgain, guardRequest, isNew, understand } from './understand-request.ts'

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
  /** Whether what is deferred may come later than the rest of the answer. */
  readonly mayDefer?: boolean | undefined
  /** What is known of it, on the graph that it runs on. */
  readonly ready?: ReadyRequest | undefined
}

/**
 * The one way through the gateway, whatever the transport: guard, who, document, validate, plan, authorise, run.
 * Each step may refuse; nothing is fetched before all of them agreed. `correlationId` is how the request is found
 * again in logs and subgraphs.
 */
export function runPipeline(
  pipeline: Pipeline,
  graph: Graph,
  named: NamedRequest,
): Outcome | Promise<Outcome> {
  const { request, correlationId } = named
  // It was found on another graph when one was exchanged for another just now.
  const known = request.ready?.graph === graph ? request.ready : undefined
  const guarded = known ? NOTHING_WRONG : guardRequest(graph, request)
  if (!guarded.ok) return guarded
  const step = { pipeline, graph, request, correlationId, known }
  const caller = pipeline.access.identify(request.credentials ?? NO_CREDENTIALS)
  if (pipeline.options.rate) return runInTurn(caller, step, pipeline.options.rate)
  return caller instanceof Promise ? caller.then((found) => runFor(found, step)) : runFor(caller, step)
}

type Outcome = Result<Answer, Refusal>

interface Guarded {
  readonly pipeline: Pipeline
  readonly graph: Graph
  readonly request: PipelineRequest
  readonly correlationId: string
  readonly known: ReadyRequest | undefined
}

async function runInTurn(
  identified: Result<Caller, Refusal> | Promise<Result<Caller, Refusal>>,
  step: Guarded,
  rate: Rate,
): Promise<Outcome> {
  const caller = await identified
  const turn = await takeTurn(rate, caller, step.request.address)
  return turn.ok ? await runFor(caller, step) : turn
}

function runFor(caller: Result<Caller, Refusal>, guarded: Guarded): Outcome | Promise<Outcome> {
  const { correlationId, known } = guarded
  const asking = askingOf(caller, guarded)
  if (!asking.ok) return asking
  const ready = known ? allowAgain(asking.value, known) : readyFor(asking.value)
  return ready instanceof Promise
    ? ready.then((later) => runReady(asking.value, correlationId, later))
    : runReady(asking.value, correlationId, ready)
}

function runReady(
  asking: Asking,
  correlationId: string,
  ready: Result<ReadyRequest, Refusal>,
): Outcome | Promise<Outcome> {
  return ready.ok ? run(asking, correlationId, ready.value) : ready
}

/** Who asks for which document, once nothing is wrong with either. */
export function askingOf(
  caller: Result<Caller, Refusal>,
  { pipeline, graph, request }: Pick<Asking, 'pipeline' | 'graph' | 'request'>,
): Result<Asking, Refusal> {
  if (!caller.ok) return caller
  const { documents: trusted = NO_DOCUMENTS, adHocDocuments = true } = pipeline.options
  const document = chooseDocument(request, { trusted, adHocDocuments }, caller.value.documentIds)
  return document.ok
    ? ok({ pipeline, graph, request, caller: caller.value, document: document.value })
    : document
}

/** What it asks for; a promise only for a document that is new. */
export function readyFor(
  asking: Asking,
): Result<ReadyRequest, Refusal> | Promise<Result<ReadyRequest, Refusal>> {
  return isNew(asking) ? understandInTurns(asking) : understand(asking)
}

export interface NamedRequest {
  readonly request: PipelineRequest
  readonly correlationId: string
}

const NOTHING_WRONG: Result<void, Refusal> = ok(undefined)
const NO_CREDENTIALS: Credentials = {}
const NO_DOCUMENTS: ReadonlyMap<string, string> = new Map()

export async function run(asking: Asking, correlationId: string, ready: ReadyRequest): Promise<Outcome> {
  const { request, pipeline } = asking
  const context = requestContext(asking, correlationId, ready.context)
  if (!context.ok) return context
  const found = planForRequest(asking, ready)
  const planned = found instanceof Promise ? await found : found
  if (!planned.ok) return planned
  const { executable, shown } = planned.value
  const showPlan = request.includePlan === true && pipeline.options.exposePlans === 'header'
  const extensions = showPlan ? { queryPlan: shown } : undefined
  const execution = { variables: ready.variables, context: context.value }
  const deferred = request.mayDefer === true ? executable.runInParts?.(execution) : undefined
  if (deferred) return ok(answerInParts(await deferred, extensions))
  const answer = await executable.run(execution)
  if ('json' in answer)
    return ok(extensions ? { json: withExtensions(textOf(answer.json), extensions) } : answer)
  const { data, errors } = answer
  return ok({ body: { data, ...(errors.length > 0 && { errors }), ...(extensions && { extensions }) } })
}

/** Plans are made of names, so their characters are bytes. */
function withExtensions(json: string, extensions: object): string {
  return `${json.slice(0, -1)},"extensions":${JSON.stringify(extensions)}}`
}

export function requestContext(
  { pipeline, request, caller }: Asking,
  correlationId: string,
  { market, language, idempotencyKey }: OperationContext,
): Result<RequestContext, Refusal> {
  const key = chooseIdempotencyKey(idempotencyKey, request.idempotencyKey)
  if (!key.ok) return key
  if (key.value !== undefined && pipeline.options.tellsContext === false) return refuseIdempotency()
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
