import type { Clock } from './clock.ts'
import type { EventBus } from './event-bus.ts'
import type { EventStore } from './event-store.ts'
import type { Log } from './log.ts'
import type { Random } from './random.ts'

/** What every subgraph is built from; `main.ts` of the subgraph wires it, the app chooses the engines. */
export interface SubgraphParts {
  readonly store: EventStore
  readonly bus: EventBus
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** The process environment, or a test's; only `readConfig` looks inside. */
  readonly env: Env
}

export type Env = Readonly<Record<string, string | undefined>>

/** A running subgraph, in this process. Over HTTP the gateway sees the same thing through a client. */
export interface Subgraph extends AsyncDisposable {
  readonly name: string
  /** Its part of the graph, Federation 2 SDL. */
  readonly sdl: string
  execute(request: SubgraphRequest): Promise<SubgraphResponse>
  /**
   * Resolves once the field at the root has its source, to an answer for each event. When the signal is aborted, the
   * source is closed and the answers end. Absent where the schema has no subscriptions.
   */
  subscribe?(request: SubgraphRequest, signal: AbortSignal): Promise<AsyncIterable<SubgraphResponse>>
}

export interface SubgraphRequest {
  readonly query: string
  readonly operationName?: string
  readonly variables?: Readonly<Record<string, unknown>>
  readonly context: RequestContext
}

export interface SubgraphResponse {
  readonly data?: Readonly<Record<string, unknown>> | null
  readonly errors?: readonly SubgraphError[]
}

export interface SubgraphError {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions?: Readonly<Record<string, unknown>>
}

/** Who asks and in which market: made by the gateway, signed on its way over HTTP, never taken from a head. */
export interface RequestContext {
  readonly principal: Principal
  /** `IT`, `DE`, `GB` …: decides currency, prices and tax. */
  readonly market: string
  /** BCP 47. */
  readonly language: string
  /** From `@idempotent(key:)` or the `Idempotency-Key` header. */
  readonly idempotencyKey?: string
  readonly correlationId: string
  readonly traceparent?: string
  /** Epoch milliseconds after which nobody waits for the answer. */
  readonly deadline: number
}

/** Who is asking. */
export type Principal =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'customer'; readonly customerId: string; readonly scopes: readonly string[] }
  | { readonly kind: 'operator'; readonly operatorId: string; readonly scopes: readonly string[] }
  | {
      readonly kind: 'kiosk'
      readonly deviceId: string
      readonly locationId: string
      readonly scopes: readonly string[]
    }
  | { readonly kind: 'partner'; readonly partnerId: string; readonly scopes: readonly string[] }

/** What a resolver sees: the request, and this request's own loaders. */
export interface ResolverContext<Loaders> {
  readonly request: RequestContext
  readonly loaders: Loaders
}
