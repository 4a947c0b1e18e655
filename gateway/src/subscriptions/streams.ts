import { toFault } from '@stoa/platform/fault'
import { err, ok, type Result } from '@stoa/platform/result'
import { planForRequest } from '../active-overrides.ts'
import { endOf, type Reply } from '../answer-response.ts'
import { chainOfCauses } from '../chain-of-causes.ts'
import type { Graph } from '../graph.ts'
import type { GraphInUse } from '../graph-in-use.ts'
import { takeTurn } from '../guards/rate.ts'
import { askingOf, type Pipeline, type PipelineRequest, readyFor, requestContext, run } from '../pipeline.ts'
import { type Refusal, refuse } from '../refusal.ts'
import { refusedReply } from '../refused-response.ts'
import { type Asking, guardRequest } from '../understand-request.ts'
import { createSubscription, type StreamItems, type Subscription } from './create-subscription.ts'
import { brokenBy, type Ending, GRAPH_CHANGED, internal } from './ending.ts'
import type { Subscribing } from './subscribing.ts'

/** Answers that come in parts. */
export interface EventStream {
  readonly correlationId: string
  readonly items: StreamItems
}

/** All subscriptions of a gateway. */
export interface Streams {
  /** What comes of a request that may be a subscription: for a query or a mutation, its one answer. Never rejects. */
  open(request: PipelineRequest, correlationId: string): Promise<Reply | EventStream>
  /** Those on this graph are told to subscribe again, a few at a time. */
  outdate(graph: Graph): void
  /** Ends all, and takes no more. Resolves when they have ended. */
  endAll(ending: Ending): Promise<void>
}

export function createStreams(pipeline: Pipeline, current: () => GraphInUse): Streams {
  const running = new Map<Subscription, Graph>()
  let closing: Ending | undefined

  async function open(request: PipelineRequest, correlationId: string): Promise<Reply | EventStream> {
    const inUse = current()
    inUse.enter()
    let held: Promise<void> | undefined
    try {
      const found = await admit({ pipeline, graph: inUse.graph, request, correlationId })
      if (!found.ok) return refusedReply(found.error, correlationId)
      if ('reply' in found.value) {
        held = endOf(found.value.reply.answer)
        return found.value.reply
      }
      const subscription = take(found.value.subscribing)
      if (!subscription.ok) return refusedReply(subscription.error, correlationId)
      held = subscription.value.ended
      return { correlationId, items: await subscription.value.start() }
    } catch (reason) {
      return refusedReply(refusalOf(reason, pipeline, correlationId), correlationId)
    } finally {
      void (held ?? Promise.resolve()).then(inUse.leave)
    }
  }

  function take(subscribing: Subscribing): Result<Subscription, Refusal> {
    const { total } = pipeline.limits.subscriptions
    if (closing?.errors) return err({ severity: 503, errors: closing.errors })
    if (running.size >= total)
      return refuse(
        'TOO_MANY_SUBSCRIPTIONS',
        `At most ${total} subscriptions run here at once. Subscribe again later.`,
      )
    const subscription = createSubscription(subscribing)
    running.set(subscription, subscribing.graph)
    void subscription.ended.then(() => running.delete(subscription))
    if (subscribing.graph !== current().graph) subscription.end(GRAPH_CHANGED)
    return ok(subscription)
  }

  return {
    open,
    outdate(graph) {
      const { clock } = pipeline
      const now = clock.now()
      const outdated = [...running].flatMap(([subscription, on]) => (on === graph ? [subscription] : []))
      for (const [i, { end }] of outdated.entries())
        clock.schedule(now + Math.floor(i / ENDED_PER_MS), () => end(GRAPH_CHANGED))
    },
    async endAll(ending) {
      closing = ending
      const all = [...running.keys()]
      for (const subscription of all) subscription.end(ending)
      await Promise.all(all.map(({ ended }) => ended))
    },
  }
}

/** All clients subscribe again, which must not keep others waiting: ten thousand of them come within two seconds. */
const ENDED_PER_MS = 5

interface Admitting {
  readonly pipeline: Pipeline
  readonly graph: Graph
  readonly request: PipelineRequest
  readonly correlationId: string
}

type Admitted = { readonly reply: Reply } | { readonly subscribing: Subscribing }

/** The pipeline's steps in their order, up to where a subscription begins. */
async function admit(admitting: Admitting): Promise<Result<Admitted, Refusal>> {
  const { pipeline, graph, correlationId } = admitting
  const request = { ...admitting.request, mayStream: true }
  const guarded = guardRequest(graph, request)
  if (!guarded.ok) return guarded
  const caller = await pipeline.access.identify(request.credentials ?? {})
  const { rate } = pipeline.options
  const turn = rate ? await takeTurn(rate, caller, request.address) : undefined
  if (turn?.ok === false) return turn
  const asking = askingOf(caller, { pipeline, graph, request })
  if (!asking.ok) return asking
  const ready = await readyFor(asking.value)
  if (!ready.ok) return ready
  if (ready.value.operation.kind === 'subscription') return prepare(asking.value, correlationId, ready.value)
  const answer = await run(asking.value, correlationId, ready.value)
  return answer.ok
    ? ok({ reply: { status: 200, legacyStatus: 200, correlationId, answer: answer.value } })
    : answer
}

type Ready = Parameters<typeof run>[2]

async function prepare(
  asking: Asking,
  correlationId: string,
  ready: Ready,
): Promise<Result<Admitted, Refusal>> {
  const { pipeline, graph, request } = asking
  const { variables } = ready
  const told = requestContext(asking, correlationId, ready.context)
  if (!told.ok) return told
  const planned = await planForRequest(asking, ready)
  if (!planned.ok) return planned
  const { source } = planned.value
  if (!source) return refuse('PLAN_FAILED', 'No source was found for this subscription. Report it.')
  if (!graph.clients.get(source.subgraph)?.subscribe)
    return refuse('OPERATION_UNSUPPORTED', 'The service behind this subscription tells no events here.')
  const { authorization, apiKey } = request.credentials ?? {}
  const credentials = authorization === undefined && apiKey === undefined ? undefined : request.credentials
  const parts = { pipeline, graph, planned: planned.value, source, variables }
  return ok({ subscribing: { ...parts, context: told.value, credentials } })
}

function refusalOf(reason: unknown, { options }: Pipeline, correlationId: string): Refusal {
  const { errors, fault } = brokenBy(reason, correlationId)
  const { code } = fault
  if (toFault(reason).code === 'INTERNAL') {
    options.log.error({ err: reason, correlationId }, 'the gateway failed')
    return { severity: 500, errors: internal(correlationId) }
  }
  options.log.warn({ code, reason: chainOfCauses(fault), correlationId }, 'a subscription was not taken')
  return { severity: 'field', errors: errors ?? [] }
}
