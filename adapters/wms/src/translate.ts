import type { JsonObject } from '@stoa/platform/json'
import type { EventAddress, EventOf } from '@stoa/schema/events'
import { z } from 'zod'
import type { PickRequest } from './main.ts'

export const pickAnswer: z.ZodType<{ readonly pick_no: string }> = z.object({ pick_no: z.string().min(1) })

export const cancelAnswer: z.ZodType<{ readonly status: 'cancelled' | 'goods_issued' }> = z.object({
  status: z.enum(['cancelled', 'goods_issued']),
})

/** Our shipment as their pick order: shipments are their `order_ref`, SKUs their articles. */
export function toPickOrder(request: PickRequest): JsonObject {
  return {
    order_ref: request.shipmentId,
    customer_order: request.orderId,
    warehouse: request.locationId,
    positions: request.lines.map((line, index) => ({
      pos: index + 1,
      article: line.sku,
      qty: line.quantity,
      ext_ref: line.lineId,
    })),
    handover: toHandover(request.delivery),
  }
}

function toHandover(delivery: PickRequest['delivery']): JsonObject {
  if (delivery.method === 'PICKUP') return { mode: 'counter', counter: delivery.locationId ?? '' }
  return { mode: 'parcel', ...(delivery.address ? { ship_to: toTheirAddress(delivery.address) } : {}) }
}

function toTheirAddress(address: EventAddress): JsonObject {
  return {
    addressee: address.name,
    street: [address.line1, address.line2].filter(Boolean).join('\n'),
    zip: address.postalCode,
    town: address.city,
    country_code: address.country,
  }
}

/** What Granaio tells by itself. `notice_no` is for ever the same for the same fact, `seq` only grows. */
export type WmsNotice = GoodsIssueNotice | StockCountNotice

interface NoticeHead {
  readonly notice_no: string
  readonly seq: number
  /** RFC 3339. */
  readonly issued_at: string
}

export interface GoodsIssueNotice extends NoticeHead {
  readonly kind: 'goods_issue'
  readonly order_ref: string
  readonly customer_order: string
  readonly carrier: string
  readonly tracking: string
}

export interface StockCountNotice extends NoticeHead {
  readonly kind: 'stock_count'
  readonly article: string
  readonly warehouse: string
  readonly counted: number
}

const text = z.string().min(1).max(64)
const head = { notice_no: text, seq: z.int().min(1), issued_at: z.iso.datetime() }

export const wmsNotice: z.ZodType<WmsNotice> = z.discriminatedUnion('kind', [
  z.object({
    ...head,
    kind: z.literal('goods_issue'),
    order_ref: text,
    customer_order: text,
    carrier: text,
    tracking: text,
  }),
  z.object({
    ...head,
    kind: z.literal('stock_count'),
    article: text,
    warehouse: text,
    counted: z.int().min(0).max(1_000_000_000),
  }),
])

/** Their notice as our fact, and the stream it belongs to. */
export function toFact(notice: WmsNotice): WmsFact {
  const happenedAt = Date.parse(notice.issued_at)
  switch (notice.kind) {
    case 'goods_issue':
      return {
        stream: `shipment-${notice.order_ref}`,
        type: 'WarehouseShipped',
        data: {
          orderId: notice.customer_order,
          shipmentId: notice.order_ref,
          carrier: notice.carrier,
          trackingNumber: notice.tracking,
          shippedAt: happenedAt,
        },
      }
    case 'stock_count':
      return {
        stream: `stock-count-${notice.article}`,
        type: 'StockCounted',
        data: {
          sku: notice.article,
          locationId: notice.warehouse,
          counted: notice.counted,
          countedAt: happenedAt,
        },
      }
  }
}

type WmsFact = EventOf<'WarehouseShipped' | 'StockCounted'> & { readonly stream: string }
