/** How much one document may ask for, whoever wrote it. Counted with fragments expanded, except tokens and directives. */
export interface DocumentLimits {
  readonly tokens: number
  /** Fields inside fields. */
  readonly depth: number
  readonly selections: number
  readonly aliases: number
  /** The same response key again in one place. */
  readonly repeats: number
  readonly rootFields: number
  readonly directives: number
}

/** How much of what never ends by itself there may be. */
export interface SubscriptionLimits {
  /** Running at once in one process. */
  readonly total: number
  /** WebSockets open at once in one process. */
  readonly connections: number
  /** Operations under way on one WebSocket. */
  readonly perConnection: number
  /** Events of one subscription that wait because its client reads slowly; with one more it is ended. */
  readonly waitingEvents: number
  /** The same in bytes. */
  readonly waitingBytes: number
  /** Bytes of one event as its subgraph tells it. */
  readonly eventBytes: number
  /** Milliseconds a new WebSocket has for its `connection_init`. */
  readonly initMs: number
  /** Milliseconds between signs of life on a quiet stream; a WebSocket that does not return one is closed. */
  readonly keepAliveMs: number
  /** Milliseconds a client may take to read one message. */
  readonly writeMs: number
  /** Milliseconds between two looks at the credentials of a quiet subscription. */
  readonly recheckMs: number
}

export interface Limits {
  /** Bytes of a request body after inflating. */
  readonly bodyBytes: number
  /** Objects and lists inside one another, in variables and in literals. */
  readonly jsonDepth: number
  readonly tokenBytes: number
  /** Milliseconds a request may take when it brings no deadline of its own. */
  readonly deadlineMs: number
  /** Prepared operations kept, by the bytes of their documents and plans; an eighth is for request bodies that lead to them. */
  readonly operationCacheBytes: number
  /** Entries of one answer's `errors`. */
  readonly errors: number
  /** Objects of one answer whose deferred fields come by themselves; those beyond come with what is around them. 0: nothing is deferred. */
  readonly deferred: number
  /** Documents anyone sends. */
  readonly adHoc: DocumentLimits
  /** Documents known by id. */
  readonly trusted: DocumentLimits
  readonly subscriptions: SubscriptionLimits
}

export const defaultLimits: Limits = {
  bodyBytes: 262_144,
  jsonDepth: 32,
  tokenBytes: 8_192,
  deadlineMs: 10_000,
  operationCacheBytes: 67_108_864,
  errors: 100,
  deferred: 200,
  adHoc: {
    tokens: 1_000,
    depth: 20,
    selections: 2_000,
    aliases: 100,
    repeats: 25,
    rootFields: 20,
    directives: 50,
  },
  trusted: {
    tokens: 4_000,
    depth: 30,
    selections: 8_000,
    aliases: 400,
    repeats: 100,
    rootFields: 50,
    directives: 200,
  },
  subscriptions: {
    total: 10_000,
    connections: 5_000,
    perConnection: 50,
    waitingEvents: 256,
    waitingBytes: 1_048_576,
    eventBytes: 1_048_576,
    initMs: 5_000,
    keepAliveMs: 15_000,
    writeMs: 30_000,
    recheckMs: 15_000,
  },
}
