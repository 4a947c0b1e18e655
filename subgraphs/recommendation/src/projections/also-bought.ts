import type { Envelope } from '@stoa/platform/event'
import type { EventBus } from '@stoa/platform/event-bus'
import type { Log } from '@stoa/platform/log'
import { parseEvent } from '@stoa/schema/events'
import type { Purchase } from '../domain/taste.ts'
import type { AffinityGraph } from '../ports.ts'
import { refuseFact } from './refuse-fact.ts'

export interface AlsoBoughtParts {
  readonly bus: EventBus
  readonly graph: AffinityGraph
  readonly log: Log
}

/** Every order, past ones too, draws its edges in the graph. */
export async function runAlsoBought({ bus, graph, log }: AlsoBoughtParts): Promise<AsyncDisposable> {
  return await bus.subscribe({
    name: 'recommendation.also-bought',
    pattern: { 'detail-type': ['OrderCreated'], source: ['orders'] },
    imported: true,
    handle: async (event) => void (await graph.record([toPurchase(event, log)])),
  })
}

function toPurchase(event: Envelope, log: Log): Purchase {
  const parsed = parseEvent(event)
  if (!parsed.ok || parsed.value.type !== 'OrderCreated') {
    log.warn({ eventId: event.id, stream: event.stream }, 'An order is not as the contract says')
    throw refuseFact(event, parsed)
  }
  const { orderId, customerId, lines } = parsed.value.data
  const productIds = lines.map((line) => line.productId)
  return { orderId, productIds, at: event.at, ...(customerId !== undefined && { customerId }) }
}
