import type { OrderCreated, StoaEvent } from '@stoa/schema/events'

export interface OrderFacts {
  readonly created: StoaEvent
  readonly declined: StoaEvent
  readonly processed: StoaEvent
  readonly prepared: StoaEvent
  readonly shipped: StoaEvent
  readonly fulfilled: StoaEvent
  readonly captured: StoaEvent
  readonly voided: StoaEvent
  readonly posted: StoaEvent
  readonly cancelAsked: StoaEvent
  readonly cancelRefused: StoaEvent
  /** The n-th line as a shipment of its own; the second one takes all lines that are left. */
  readonly preparedPart: (part: 0 | 1) => StoaEvent
  readonly shippedPart: (part: 0 | 1) => StoaEvent
  readonly cancelled: (reason: 'CUSTOMER' | 'PAYMENT_DECLINED' | 'NO_STOCK', paid: boolean) => StoaEvent
}

const CENTRES: Readonly<Record<string, string>> = { IT: 'DC-PIA', CH: 'DC-PIA', DE: 'DC-KAS', GB: 'DC-COV' }

/** Everything that may happen to one order, ready to be told in the order a story needs. */
export function factsOf(order: OrderCreated, at: number): OrderFacts {
  const { orderId } = order
  const paymentId = `PAY-${orderId}`
  const locationId = CENTRES[order.market] ?? 'DC-PIA'
  const lines = order.lines.map(({ lineId, sku, quantity }) => ({ lineId, sku, quantity }))
  const part = (n: 0 | 1): typeof lines => (n === 0 ? lines.slice(0, 1) : lines.slice(1))
  const prepare = (shipment: number, of: typeof lines): StoaEvent => ({
    type: 'ShipmentPrepared',
    data: { orderId, shipmentId: `${orderId}-${shipment}`, locationId, lines: of, delivery: order.delivery },
  })
  const ship = (shipment: number, of: typeof lines): StoaEvent => ({
    type: 'ShipmentProcessed',
    data: {
      orderId,
      shipmentId: `${orderId}-${shipment}`,
      locationId,
      lines: of,
      carrier: 'Demo Parcel',
      trackingNumber: `DP${orderId.slice(-6)}${shipment}`,
      shippedAt: at,
    },
  })
  return {
    ...moneyFacts(order, paymentId),
    created: { type: 'OrderCreated', data: order },
    processed: {
      type: 'OrderProcessed',
      data: {
        orderId,
        paymentId,
        amount: order.total,
        market: order.market,
        lines,
        delivery: order.delivery,
      },
    },
    prepared: prepare(1, lines),
    shipped: ship(1, lines),
    preparedPart: (n) => prepare(n + 1, part(n)),
    shippedPart: (n) => ship(n + 1, part(n)),
    cancelAsked: {
      type: 'OrderCancellationRequested',
      data: { orderId, reason: 'Changed my mind', shipmentIds: [`${orderId}-1`] },
    },
    cancelRefused: {
      type: 'OrderCancellationRefused',
      data: { orderId, reason: 'The parcel had left already.' },
    },
    cancelled: (reason, paid) => ({
      type: 'OrderCancelled',
      data: paid ? { orderId, reason, paymentId } : { orderId, reason },
    }),
  }
}

function moneyFacts(
  order: OrderCreated,
  paymentId: string,
): Pick<OrderFacts, 'declined' | 'captured' | 'voided' | 'posted' | 'fulfilled'> {
  const { orderId, orderNumber, market, lines, tax, shipping, total } = order
  const customer = order.customerId ? { customerId: order.customerId } : {}
  return {
    declined: { type: 'PaymentDeclined', data: { orderId, reason: 'insufficient_funds' } },
    captured: { type: 'PaymentCaptured', data: { orderId, paymentId, amount: total } },
    voided: { type: 'PaymentVoided', data: { orderId, paymentId, amount: total } },
    posted: { type: 'OrderPosted', data: { orderId, postingId: `ERP-${orderNumber}` } },
    fulfilled: {
      type: 'OrderFulfilled',
      data: { orderId, orderNumber, ...customer, market, paymentId, lines, tax, shipping, total },
    },
  }
}
