import type { Clock } from '@stoa/platform/clock'
import { toFault } from '@stoa/platform/fault'
import { withDeadline } from './engine/with-deadline.ts'
import type { SubgraphClient, WireRequest } from './options.ts'

type Exchange = NonNullable<SubgraphClient['exchange']>

interface Shared {
  readonly answer: ReturnType<Exchange>
  /** Epoch milliseconds: of whoever asked first. */
  readonly deadline: number
  /** How many changes had ended when it was sent. */
  readonly changes: number
}

/**
 * Makes clients that send identical sub-requests, from whichever requests, once while one is under way. Nothing is
 * kept beyond that. Identical means everything that can change the answer: the body and who asks, with all that the
 * subgraph is told about them. A sub-request that fails fails for all who share it; a deadline is each sharer's own.
 */
export function createSharing(clock: Clock): (client: SubgraphClient) => SubgraphClient {
  // What was sent before a change ended may have been answered without it.
  const state = { changes: 0 }
  const change = (): void => {
    state.changes += 1
  }
  return (client) => {
    const { exchange } = client
    const execute: SubgraphClient['execute'] = (request) => {
      const answer = client.execute(request)
      // A document that so much as names a mutation may be one.
      return request.query.includes('mutation') ? answer.finally(change) : answer
    }
    // Whoever subscribes has a stream of their own.
    const subscribing = client.subscribe && { subscribe: client.subscribe.bind(client) }
    if (!exchange) return { execute, ...subscribing }
    const share = shareExchange(exchange, clock, state)
    return {
      ...subscribing,
      execute,
      exchange: (request) => (request.shareable ? share(request) : exchange(request).finally(change)),
    }
  }
}

function shareExchange(exchange: Exchange, clock: Clock, state: { readonly changes: number }): Exchange {
  const underWay = new Map<string, Shared>()

  function send(key: string, request: WireRequest): ReturnType<Exchange> {
    const { deadline } = request.context
    const answer = exchange(request)
    const shared: Shared = { answer, deadline, changes: state.changes }
    const forget = (): void => {
      if (underWay.get(key) === shared) underWay.delete(key)
    }
    underWay.set(key, shared)
    answer.then(forget, forget)
    return answer
  }

  function share(request: WireRequest): ReturnType<Exchange> {
    const key = keyOf(request)
    const shared = underWay.get(key)
    return shared?.changes === state.changes ? join(shared, request) : send(key, request)
  }

  async function join({ answer, deadline }: Shared, request: WireRequest): ReturnType<Exchange> {
    const own = request.context.deadline
    try {
      return await (own < deadline ? withDeadline(clock, own, () => answer) : answer)
    } catch (reason) {
      const now = clock.now()
      const isOver = toFault(reason).code === 'DEADLINE_EXCEEDED' && deadline <= now
      if (!isOver || own <= now) throw reason
      // Whoever asked first had less time.
      return await share(request)
    }
  }

  return share
}

/** The context goes in whole, so that what is added to it one day is not forgotten here; ids and times change nothing. */
function keyOf({ body, context }: WireRequest): string {
  const asker = { ...context, correlationId: undefined, traceparent: undefined, deadline: undefined }
  return `${JSON.stringify(asker)}${body}`
}
