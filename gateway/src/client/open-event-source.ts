import { type Clock, systemClock } from '@stoa/platform/clock'
import { Fault } from '@stoa/platform/fault'
import { createContextSigner } from './context-signer.ts'
import type { EventSourceClient, Subscribe } from './event-source.ts'

/** `sse`, `ws`, or a `ws:` or `wss:` URL. */
export type SubscriptionWay = 'sse' | 'ws' | `ws${'' | 's'}://${string}`

interface EventSourceParts {
  readonly name: string
  readonly url: string
  readonly secret?: string
  readonly clock?: Clock
  readonly ca?: string
  readonly subscriptions?: SubscriptionWay
}

/** A subgraph's events, by whichever way it tells them; loaded when the first is wanted. Throws BAD_CONFIG for a bad URL. */
export function openEventSource(parts: EventSourceParts): EventSourceClient {
  const { subscriptions = 'sse' } = parts
  const url = addressOf(parts)
  let opening: Promise<EventSourceClient> | undefined
  const subscribe: Subscribe = async (request, signal) => {
    opening ??= open({ ...parts, url }, subscriptions)
    const source = await opening
    return await source.subscribe(request, signal)
  }
  return {
    subscribe,
    async [Symbol.asyncDispose]() {
      await (await opening)?.[Symbol.asyncDispose]()
    },
  }
}

function addressOf({ name, url, subscriptions = 'sse' }: EventSourceParts): string {
  if (subscriptions === 'sse') return url
  const address = subscriptions === 'ws' ? url.replace(/^http/i, 'ws') : subscriptions
  if (/^wss?:$/.test(URL.parse(address)?.protocol ?? '')) return address
  throw new Fault(
    'BAD_CONFIG',
    `Expected "sse", "ws" or a ws: or wss: URL for the subscriptions of ${name}, got ${JSON.stringify(subscriptions)}.`,
  )
}

async function open(
  { name, url, secret, ca, clock = systemClock }: EventSourceParts,
  way: SubscriptionWay,
): Promise<EventSourceClient> {
  const sign = secret === undefined ? undefined : createContextSigner({ name, secret, clock })
  const options = { name, url, sign, clock, ca }
  if (way === 'sse') return (await import('./event-source.sse.ts')).createSseSource(options)
  return (await import('./event-source.ws.ts')).createSocketSource(options)
}
