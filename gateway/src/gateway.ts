import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { createAccess } from './access/access.ts'
import { answerResponse, endOf, type Reply } from './answer-response.ts'
import { recallRequest } from './documents/ready-request.ts'
import { checkTrustedDocuments } from './documents/trusted-documents.ts'
import { handleHttp } from './edge/http-handler.ts'
import { createSocketDoor } from './edge/socket-door.ts'
import { type Graph, openGraph, openGraphInSteps } from './graph.ts'
import { putInUse } from './graph-in-use.ts'
import { createAddressOf } from './guards/rate.ts'
import { defaultLimits, type Limits } from './limits.ts'
import type { GatewayOptions, GatewayRequest, GatewayResponse } from './options.ts'
import { type Pipeline, type PipelineRequest, runPipeline } from './pipeline.ts'
import { refuse } from './refusal.ts'
import { refusedReply } from './refused-response.ts'
import { createSharing } from './share-exchanges.ts'
import { CLOSING } from './subscriptions/ending.ts'
import { createStreams, type EventStream } from './subscriptions/streams.ts'
import { warmGraph } from './warm-graph.ts'

export type {
  GatewayOptions,
  GatewayRequest,
  GatewayResponse,
  Partner,
  SharedPlans,
  SubgraphClient,
} from './options.ts'

/** The front of a supergraph: every transport goes through the same pipeline. */
export interface Gateway extends AsyncDisposable {
  /** Never rejects. */
  execute(request: GatewayRequest): Promise<GatewayResponse>
  /** Subscribes; a query or mutation is answered at once. Never rejects. */
  subscribe(request: GatewayRequest): Promise<GatewayResponse | EventStream>
  /** Serves GraphQL over HTTP, with subscriptions as server-sent events; never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** Serves the same over WebSocket (`graphql-transport-ws`): for a server's event `upgrade`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Ends all subscriptions and closes all WebSockets, and takes no more, so that clients connect elsewhere. */
  endStreams(): Promise<void>
  /** Takes another supergraph; requests under way finish on the old one. A bad one throws BAD_SCHEMA and changes nothing. */
  swap(supergraph: string): void
  /**
   * The same without a pause: the graph is built in steps and what was asked most recently is planned on it before
   * it serves. `subgraphs` take the place of the clients given at first. One at a time, in the order of the calls.
   */
  reload(supergraph: string, subgraphs?: SubgraphClients): Promise<ReplacedGraph>
}

export type SubgraphClients = GatewayOptions['subgraphs']

/** What served until now. */
export interface ReplacedGraph {
  /** Resolves when its last request has ended, so that clients only it needed can be closed. */
  readonly unused: Promise<void>
}

/** Throws BAD_SCHEMA or BAD_CONFIG when the parts do not fit together. */
export function createGateway(options: GatewayOptions): Gateway {
  const { clock, random, log, issuer, partners = [] } = options
  const limits: Limits = { ...defaultLimits, ...options.limits }
  checkTrustedDocuments(options.documents ?? new Map())
  const access = createAccess({ issuer, partners, clock, log, tokenBytes: limits.tokenBytes })
  const pipeline: Pipeline = { options, limits, clock, random, access }
  const share = options.shareSubRequests ? createSharing(clock) : undefined
  const withClients = (subgraphs: SubgraphClients): GatewayOptions => ({
    ...options,
    subgraphs: share ? new Map([...subgraphs].map(([name, client]) => [name, share(client)])) : subgraphs,
  })
  let current = putInUse(openGraph(options.supergraph, withClients(options.subgraphs), limits))
  let reloading: Promise<unknown> = Promise.resolve()

  const streams = createStreams(pipeline, () => current)

  async function respond(request: PipelineRequest): Promise<Reply> {
    const inUse = current
    const correlationId = correlationIdOf(request.correlationId, pipeline)
    inUse.enter()
    let later: Promise<void> | undefined
    try {
      const answer = await runPipeline(pipeline, inUse.graph, { request, correlationId })
      if (!answer.ok) return refusedReply(answer.error, correlationId)
      later = endOf(answer.value)
      return { status: 200, legacyStatus: 200, correlationId, answer: answer.value }
    } catch (reason) {
      log.error({ err: reason, correlationId }, 'the gateway failed')
      return refusedReply(refuse('GATEWAY_FAILED', FAILED, { correlationId }).error, correlationId)
    } finally {
      if (later) void later.then(inUse.leave)
      else inUse.leave()
    }
  }

  const openStream = (request: PipelineRequest): Promise<Reply | EventStream> =>
    streams.open(request, correlationIdOf(request.correlationId, pipeline))

  const http = {
    respond,
    openStream,
    recall: (raw: string) => recallRequest(current.graph, raw),
    limits,
    log,
    clock,
    addressOf: createAddressOf(options.rate),
  }
  const door = createSocketDoor({ pipeline, openStream })

  async function endStreams(): Promise<void> {
    // Sockets first: their clients then connect elsewhere by themselves, and need not be told more.
    await door.close()
    await streams.endAll(CLOSING)
    current.graph.planner.retire()
  }

  function replace(graph: Graph): ReplacedGraph {
    const old = current
    current = putInUse(graph)
    const unused = old.retire().then(() => old.graph.planner.retire())
    streams.outdate(old.graph)
    return { unused }
  }

  async function openWarm(supergraph: string, subgraphs: SubgraphClients): Promise<ReplacedGraph> {
    const graph = await openGraphInSteps(supergraph, withClients(subgraphs), limits)
    await warmGraph(graph, current.graph)
    return replace(graph)
  }

  return {
    execute: async (request) => answerResponse(await respond(request)),
    async subscribe(request) {
      const opened = await openStream(request)
      return 'items' in opened ? opened : answerResponse(opened)
    },
    handle: (request, response) => handleHttp(http, { request, response }),
    upgrade: door.open,
    endStreams,
    swap(supergraph) {
      replace(openGraph(supergraph, withClients(options.subgraphs), limits))
    },
    reload(supergraph, subgraphs = options.subgraphs) {
      const reloaded = reloading.then(() => openWarm(supergraph, subgraphs))
      reloading = reloaded.catch(() => {})
      return reloaded
    },
    [Symbol.asyncDispose]: endStreams,
  }
}

const FAILED = 'Something went wrong in the gateway. Report the correlation id.'

/** The caller's own id, if it is one that can be written to a log without harm. */
function correlationIdOf(given: string | undefined, { random }: Pipeline): string {
  return given !== undefined && CORRELATION_ID.test(given) ? given : random.uuid()
}

const CORRELATION_ID = /^[\w.:-]{1,64}$/
