import type { Envelope } from '@stoa/platform/event'
import type { Consumer, EventBus } from '@stoa/platform/event-bus'
import { Fault } from '@stoa/platform/fault'
import type { CommandPorts } from '@stoa/platform/handle-command'
import type { Log } from '@stoa/platform/log'
import { subscribeAll } from '@stoa/platform/subscribe-all'
import { type EventOf, type EventType, parseEvent } from '@stoa/schema/events'
import { changePrices } from './domain/change-prices.ts'
import { describeProduct } from './domain/describe-product.ts'
import { type ChangeRefusal, type ChangeRequest, changeProduct } from './store/change-product.ts'
import { findProductIds } from './store/product-rows.ts'

export interface ReactionParts extends CommandPorts {
  readonly bus: EventBus
  readonly log: Log
}

/** What the ERP says becomes what the catalogue says. */
export async function startReactions(parts: ReactionParts): Promise<AsyncDisposable> {
  return await subscribeAll(parts.bus, [erpPrice(parts), erpProduct(parts)])
}

function erpPrice(parts: ReactionParts): Consumer {
  return {
    name: 'catalog.erp-price',
    pattern: { 'detail-type': ['ErpPriceChanged'] },
    handle: async (event) => {
      const { sku, market, price } = read('ErpPriceChanged', event, parts.log)
      const [productId] = await findProductIds(parts.store, [{ by: 'sku', value: sku }])
      if (productId === undefined) throw refused(parts.log, event, unknownSku(sku))
      const change = { sku, market, minor: price.minor, currency: price.currency }
      await apply(parts, event, {
        productId,
        decide: ({ product }) => changePrices(product, { changes: [change], at: event.at, onlyNewer: true }),
      })
    },
  }
}

function erpProduct(parts: ReactionParts): Consumer {
  return {
    name: 'catalog.erp-product',
    pattern: { 'detail-type': ['ErpProductChanged'] },
    handle: async (event) => {
      const { productId, name, description } = read('ErpProductChanged', event, parts.log)
      const words = { ...(name !== undefined && { name }), ...(description !== undefined && { description }) }
      await apply(parts, event, {
        productId,
        decide: ({ product }) => describeProduct(product, { ...words, at: event.at, onlyNewer: true }),
      })
    },
  }
}

async function apply(
  parts: ReactionParts,
  event: Envelope,
  change: Pick<ChangeRequest, 'productId' | 'decide'>,
): Promise<void> {
  const { correlationId, traceparent } = event.meta
  const meta = { correlationId, causationId: event.id, ...(traceparent && { traceparent }) }
  const idempotency = { scope: `catalog/${event.type}`, key: event.id, requestHash: event.id }
  const changed = await changeProduct(parts, { ...change, meta, idempotency })
  if (!changed.ok) throw refused(parts.log, event, changed.error)
}

function read<T extends EventType>(type: T, event: Envelope, log: Log): EventOf<T>['data'] {
  const parsed = parseEvent(event)
  // The pattern lets only this type in, and parsing keeps the type.
  if (parsed.ok && parsed.value.type === type) return parsed.value.data as EventOf<T>['data']
  const problems = parsed.ok ? [] : parsed.error.map(({ at, message }) => `${at}: ${message}`)
  throw refused(log, event, { code: 'INVALID_EVENT', message: problems.join(' ') })
}

/** Trying again would not help: it goes to the dead letters at once, where somebody puts it right and redrives it. */
function refused(
  log: Log,
  event: Envelope,
  why: Pick<ChangeRefusal, 'message'> & { readonly code: string },
): Fault {
  log.warn(
    { eventId: event.id, type: event.type, stream: event.stream, code: why.code },
    'The catalogue refused what the ERP says',
  )
  return new Fault('BAD_REQUEST', `${why.code}: ${why.message}`, { retryable: false })
}

function unknownSku(sku: string): { readonly code: 'UNKNOWN_SKU'; readonly message: string } {
  return { code: 'UNKNOWN_SKU', message: `No product has a variant with the SKU "${sku}".` }
}
