import type { EventMeta } from '@stoa/platform/event'
import type { Principal, RequestContext } from '@stoa/platform/subgraph'
import type { Viewer } from '../domain/order/viewer.ts'

/** Who asks, as far as an order cares. */
export function viewerOf(principal: Principal): Viewer {
  switch (principal.kind) {
    case 'customer':
      return { kind: 'customer', customerId: principal.customerId }
    case 'operator': {
      const { scopes } = principal
      return {
        kind: 'operator',
        mayRead: scopes.includes('orders:read'),
        mayWrite: scopes.includes('orders:write'),
      }
    }
    case 'anonymous':
    case 'kiosk':
    case 'partner':
      return { kind: 'holder' }
  }
}

/** What goes with the facts that follow from a request. */
export function metaOf({ correlationId, traceparent }: RequestContext): EventMeta {
  return { correlationId, ...(traceparent !== undefined && { traceparent }) }
}
