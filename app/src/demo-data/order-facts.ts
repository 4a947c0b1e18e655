import type { OrderCreated, StoaEvent } from '@stoa/schema/events'

/** Everything that may happen to one order, ready to be told in the order a story needs. */
export interface OrderFacts extends MoneyFacts, ShipmentFacts {
  readonly created: StoaEvent
  readonly processed: StoaEvent
  readonly cancelAsked: StoaEvent
  readonly cancelRefused: StoaEvent
  readonly cancelled: (reason: 'CUSTOMER' | 'PAYMENT_DECLINED' | 'NO_STOCK', paid: boolean) => StoaEvent
}

export function factsOf(order: OrderCreated): OrderFacts {
  const { orderId, total, market, delivery } = order
  const paymentId = `PAY-${orderId}`
  const lines = order.lines.map(({ lineId, sku, quantity }) => ({ lineId, sku, quantity }))
  return {
    ...moneyFacts(order, paymentId),
    ...shipmentFacts(order, lines),
    created: { type: 'OrderCreated', data: order },
    processed: {
      type: 'OrderProcessed',
      data: { orderId, paymentId, amount: total, market, lines, delivery },
    },
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

interface ShipmentFacts {
  readonly prepared: StoaEvent
  readonly shipped: StoaEvent
  /** The first line as a shipment of its own; the second shipment takes all lines that are left. */
  readonly preparedPart: (part: 0 | 1) => StoaEvent
  readonly shippedPart: (part: 0 | 1) => StoaEvent
}

interface ShippedLine {
  readonly lineId: string
  readonly sku: string
  readonly quantity: number
}

const CENTRES: Readonly<Record<string, string>> = { IT: 'DC-PIA', CH: 'DC-PIA', DE: 'DC-KAS', GB: 'DC-COV' }

function shipmentFacts(order: OrderCreated, lines: ShippedLine[]): ShipmentFacts {
  const { orderId, delivery } = order
  const locationId = CENTRES[order.market] ?? 'DC-PIA'
  const prepare = (shipment: number, of: ShippedLine[]): StoaEvent => ({
    type: 'ShipmentPrepared',
    data: { orderId, shipmentId: `${orderId}-${shipment}`, locationId, lines: of, delivery },
  })
  const ship = (shipment: number, of: ShippedLine[]): StoaEvent => {
    const parcel = { carrier: 'Demo Parcel', trackingNumber: `DP${orderId.slice(-6)}${shipment}` }
    // The time is set when the fact is told: only then is it known.
    const data = { orderId, shipmentId: `${orderId}-${shipment}`, locationId, lines: of, shippedAt: 0 }
    return { type: 'ShipmentProcessed', data: { ...data, ...parcel } }
  }
  const part = (n: 0 | 1): ShippedLine[] => (n === 0 ? lines.slice(0, 1) : lines.slice(1))
  return {
    prepared: prepare(1, lines),
    shipped: ship(1, lines),
    preparedPart: (n) => prepare(n + 1, part(n)),
    shippedPart: (n) => ship(n + 1, part(n)),
  }
}

interface MoneyFacts {
  readonly declined: StoaEvent
  readonly captured: StoaEvent
  readonly voided: StoaEvent
  readonly posted: StoaEvent
  readonly fulfilled: StoaEvent
}

function moneyFacts(order: OrderCreated, paymentId: string): MoneyFacts {
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
