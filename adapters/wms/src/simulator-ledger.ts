import { z } from 'zod'
import { type WmsNotice, wmsNotice } from './translate.ts'

/** One thing that happened in the warehouse. */
export type WmsEntry = PickEntry | CancelEntry | NoticeEntry | AcknowledgedEntry

export interface PickEntry {
  readonly event: 'pick_ordered'
  readonly order_ref: string
  readonly customer_order: string
  readonly warehouse: string
  readonly positions: readonly { readonly article: string; readonly qty: number }[]
  readonly at: number
}

/** Also for a shipment that was never ordered: its pick order, should it still come, is not picked. */
export interface CancelEntry {
  readonly event: 'pick_cancelled'
  readonly order_ref: string
  readonly at: number
}

/** Goods issued or a shelf counted; told to the shop until it acknowledges. */
export interface NoticeEntry {
  readonly event: 'goods_issued' | 'counted'
  readonly notice: WmsNotice
  readonly at: number
}

export interface AcknowledgedEntry {
  readonly event: 'acknowledged'
  readonly notice_no: string
  readonly at: number
}

const order = z.object({
  order_ref: z.string().min(1).max(64),
  customer_order: z.string().min(1).max(64),
  warehouse: z.string().min(1).max(64),
  positions: z
    .array(z.object({ article: z.string().min(1).max(64), qty: z.int().min(1).max(1_000_000) }))
    .min(1)
    .max(500),
})

export const pickOrder: z.ZodType<Omit<PickEntry, 'event' | 'at'>> = order

export const wmsEntry: z.ZodType<WmsEntry> = z.union([
  z.object({ event: z.literal('pick_ordered'), ...order.shape, at: z.number() }),
  z.object({ event: z.literal('pick_cancelled'), order_ref: z.string(), at: z.number() }),
  z.object({ event: z.enum(['goods_issued', 'counted']), notice: wmsNotice, at: z.number() }),
  z.object({ event: z.literal('acknowledged'), notice_no: z.string(), at: z.number() }),
])
