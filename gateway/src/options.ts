import type { Clock } from '@stoa/platform/clock'
import type { Log } from '@stoa/platform/log'
import type { Random } from '@stoa/platform/random'
import type { RateBucket } from '@stoa/platform/rate-bucket'
import type { SharedCache } from '@stoa/platform/shared-cache'
import type { Principal, RequestContext, SubgraphRequest, SubgraphResponse } from '@stoa/platform/subgraph'
import type { JSONWebKeySet, JWTVerifyGetKey } from 'jose'
import type { Limits } from './limits.ts'
import type { GraphError } from './refusal.ts'

/** One subgraph as the gateway sees it: in this process (a `Subgraph` satisfies it) or over HTTP. */
export interface SubgraphClient {
  execute(request: SubgraphRequest): Promise<SubgraphResponse>
  /**
   * The same in the wire's own bytes, for answers that are passed on without being taken apart: the answer's body,
   * one character for each byte, valid as UTF-8. Whether it is JSON, and how deep, is for the caller to find out.
   * Absent where there is no wire.
   */
  exchange?(request: WireRequest): Promise<Buffer>
  /**
   * Subscribes. Resolves once the subgraph has taken it, by the context's deadline, to what it tells from then on;
   * rejects with a fault, and so does the iteration when the connection breaks. When `signal` is aborted, all of it
   * ends. Absent where a subgraph has no subscriptions.
   */
  subscribe?(request: SubgraphRequest, signal: AbortSignal): Promise<AsyncIterable<SubgraphResponse>>
}

export interface WireRequest {
  /** The whole JSON body, one character for each byte (latin1 of the UTF-8). */
  readonly body: string
  /** Whether it may be sent again after a broken connection: queries only. */
  readonly repeatable: boolean
  /** Whether its answer may serve others who ask the same: sub-requests of queries only. Default false. */
  readonly shareable?: boolean
  readonly context: RequestContext
}

export interface GatewayOptions {
  /** A composed Federation 2 supergraph, as SDL. */
  readonly supergraph: string
  /** By the name each subgraph has in the supergraph. */
  readonly subgraphs: ReadonlyMap<string, SubgraphClient>
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Trusted documents: `sha256:<hex of the text>` to text. */
  readonly documents?: ReadonlyMap<string, string>
  readonly partners?: readonly Partner[]
  readonly issuer?: Issuer
  readonly limits?: Partial<Limits>
  /** How often one caller may ask. Absent: as often as it likes. */
  readonly rate?: Rate
  /** Which markets `@inContext(market:)` may name; none means that there is no such thing here. */
  readonly markets?: readonly MarketChoice[]
  readonly defaultMarket?: string
  /**
   * Whether subgraphs get the request's context. Default true. Where they do not, nobody could keep the promise of an
   * idempotency key: `@idempotent` is left out of the schema, and it and the header are refused.
   */
  readonly tellsContext?: boolean
  /** Whether documents that are not trusted are run at all. Default true. */
  readonly adHocDocuments?: boolean
  /** Default false. Also decides whether messages may explain the schema. */
  readonly introspection?: boolean
  /** `header`: with `x-include-query-plan: 1` the plan comes in `extensions.queryPlan`. Default `never`. */
  readonly exposePlans?: 'never' | 'header'
  /**
   * `safe` (default): a subgraph's error without a code of its own loses its message, as it may tell of hosts, paths
   * and queries. `pass`: for subgraphs that are known to be careful.
   */
  readonly subgraphMessages?: 'safe' | 'pass'
  /**
   * Plans every new document in a process of its own, which only that document ends when the planner panics over it.
   * It takes about 85 MB from the start until a minute after the last new document. Default false: only large ones.
   */
  readonly isolatePlanner?: boolean
  /** What gateways of one fleet have in common: of what one planned in a process of its own, the others take the plan. */
  readonly sharedPlans?: SharedPlans
  /** How often each 2,000 characters of an operation are walked before functions are generated for it. Default 1: what comes once costs more. */
  readonly compileAfter?: number
  /**
   * Identical queries of one principal that are under way to one subgraph together are sent once, where there is a
   * wire. None is answered with what was asked for before a mutation through this gateway ended. Default false.
   */
  readonly shareSubRequests?: boolean
  /**
   * Whose pages may open a WebSocket besides those of the gateway's own host, as browsers name them:
   * `https://shop.example`. Callers that name no origin are no browsers, and may.
   */
  readonly origins?: readonly string[]
  /**
   * Which labels of `@override(from:, label:)` are on for a request; asked only where its plan depends on any. Default
   * none. `percent(n)` is on for n % of the principals (always the same), and for n % of the requests of nobody.
   */
  readonly overrideLabels?: (facts: OverrideFacts) => Iterable<string>
  /** Asked before anything runs; a list of errors refuses the operation. */
  readonly authorise?: Authorise
}

export interface SharedPlans {
  readonly cache: SharedCache
  /** What gateways alone know: a plan of whoever writes to the cache without it is not taken. */
  readonly secret?: string
}

/** Who asks, and the named labels that the plan of what is asked for depends on. */
export interface OverrideFacts {
  readonly principal: Principal
  readonly labels: readonly string[]
}

export interface MarketChoice {
  readonly code: string
  /** BCP 47, used when the request names no language. */
  readonly language: string
}

/**
 * Who signs access tokens: any issuer of JWTs, or a user pool of Amazon Cognito, known by its name
 * (`https://cognito-idp.<region>.amazonaws.com/<pool>`). Keys come as a set, as a URL of it or of an OpenID
 * configuration, or as jose's own function.
 */
export interface Issuer {
  readonly issuer: string
  /** Whom its tokens are for; of Cognito, the ids of the app clients whose tokens are taken. */
  readonly audience: string | readonly string[]
  readonly jwks?: JSONWebKeySet | string
  readonly getKey?: JWTVerifyGetKey
  /** Pinned. Default ES256 alone, of Cognito RS256 alone. */
  readonly algorithms?: readonly ('ES256' | 'RS256')[]
}

/** Each request takes one token of its caller: of the principal, or of the address when nobody signs in. */
export interface Rate {
  readonly bucket: RateBucket
  /** How many proxies of ours stand in front, each adding to X-Forwarded-For. Default 0: the header is not believed. */
  readonly proxies?: number
}

/** A partner's API key and the only documents it may run. */
export interface Partner {
  readonly partnerId: string
  /** SHA-256 of each key that works now (two while one is being rotated), in hex. */
  readonly keyHashes: readonly string[]
  readonly scopes: readonly string[]
  readonly documentIds: ReadonlySet<string>
}

export type Authorise = (operation: OperationFacts, principal: Principal) => readonly GraphError[]

export interface OperationFacts {
  readonly kind: 'query' | 'mutation' | 'subscription'
  readonly name: string | undefined
  readonly documentId: string | undefined
}

/** A request after its transport was taken off it. */
export interface GatewayRequest {
  readonly query?: string
  readonly documentId?: string
  readonly operationName?: string
  readonly variables?: Readonly<Record<string, unknown>>
  readonly credentials?: Credentials
  readonly idempotencyKey?: string
  readonly correlationId?: string
  readonly traceparent?: string
  /** Epoch milliseconds; never later than the gateway's own limit. */
  readonly deadline?: number
  /** Mutations are refused when false: a GET must change nothing. Default true. */
  readonly mayMutate?: boolean
  readonly includePlan?: boolean
  /** Where it comes from, for `rate`. */
  readonly address?: string
  /** Whether the answer may come in parts: subscriptions are refused otherwise. Default false. */
  readonly mayStream?: boolean
}

export interface Credentials {
  /** The whole header: `Bearer …`. */
  readonly authorization?: string
  readonly apiKey?: string
}

export interface GatewayResponse {
  /** For `application/graphql-response+json`. */
  readonly status: number
  /** For `application/json`: 200 whenever a well-formed request was understood. */
  readonly legacyStatus: number
  readonly headers: Readonly<Record<string, string>>
  /** The body as it goes over the wire, one character for each byte. */
  readonly json: string
}

export interface GraphAnswer {
  readonly data?: Readonly<Record<string, unknown>> | null
  readonly errors?: readonly GraphError[]
  readonly extensions?: Readonly<Record<string, unknown>>
}
