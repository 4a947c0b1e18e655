import { z } from 'zod'
import { type ErpNotice, erpNotice } from './translate.ts'

/** One thing that happened in the books or the master data. */
export type ErpEntry = PostingEntry | NoticeEntry | AcknowledgedEntry

/** A sales document as it came, under the number it got. */
export interface PostingEntry {
  readonly event: 'posted'
  readonly posting_number: string
  readonly document: SalesDocument
  readonly at: number
}

export interface NoticeEntry {
  readonly event: 'price_changed' | 'material_changed'
  readonly notice: ErpNotice
  readonly at: number
}

export interface AcknowledgedEntry {
  readonly event: 'acknowledged'
  readonly notice_no: string
  readonly at: number
}

export interface SalesDocument {
  readonly document_reference: string
  readonly document_text: string
  readonly sales_org: string
  readonly currency: string
  readonly items: readonly SalesItem[]
  readonly freight: string
  readonly tax_included: string
  readonly gross: string
}

export interface SalesItem {
  readonly material: string
  readonly quantity: number
  readonly amount: string
}

const decimal = z.string().regex(/^\d{1,12}\.\d{2}$/)

export const salesDocument: z.ZodType<SalesDocument> = z.object({
  document_reference: z.string().min(1).max(64),
  document_text: z.string().max(64),
  sales_org: z.string().length(2),
  currency: z.enum(['EUR', 'GBP', 'CHF']),
  items: z
    .array(z.object({ material: z.string().min(1), quantity: z.int().min(1), amount: decimal }))
    .min(1)
    .max(500),
  freight: decimal,
  tax_included: decimal,
  gross: decimal,
})

export const erpEntry: z.ZodType<ErpEntry> = z.union([
  z.object({
    event: z.literal('posted'),
    posting_number: z.string(),
    document: salesDocument,
    at: z.number(),
  }),
  z.object({ event: z.enum(['price_changed', 'material_changed']), notice: erpNotice, at: z.number() }),
  z.object({ event: z.literal('acknowledged'), notice_no: z.string(), at: z.number() }),
])
