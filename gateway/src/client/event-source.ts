import type { SubgraphRequest, SubgraphResponse } from '@stoa/platform/subgraph'

/** How a subgraph tells events. The same as `SubgraphClient.subscribe`. */
export type Subscribe = (
  request: SubgraphRequest,
  signal: AbortSignal,
) => Promise<AsyncIterable<SubgraphResponse>>

/** A way to a subgraph's events that may hold a connection. */
export interface EventSourceClient extends AsyncDisposable {
  readonly subscribe: Subscribe
}

/** Bytes of one event, as it comes. */
export const MOST_EVENT_BYTES = 1_048_576
