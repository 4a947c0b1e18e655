import type { JsonObject } from '@stoa/platform/json'
import type { Currency } from '@stoa/platform/market'
import type { EventOf } from '@stoa/schema/events'
import { z } from 'zod'
import { fromDecimalText, toDecimalText } from './amount.ts'
import type { PostRequest } from './main.ts'

export const postingAnswer: z.ZodType<{ readonly posting_number: string }> = z.object({
  posting_number: z.string().min(1),
})

/** Our fulfilled order as their sales document; the order id is its reference, by which a repeat is known. */
export function toDocument(request: PostRequest): JsonObject {
  return {
    document_reference: request.orderId,
    document_text: request.orderNumber,
    sales_org: request.market,
    currency: request.total.currency,
    items: request.lines.map((line, index) => ({
      item: (index + 1) * 10,
      material: line.sku,
      text: line.name,
      quantity: line.quantity,
      net_price: toDecimalText(line.unitPrice),
      amount: toDecimalText(line.total),
    })),
    freight: toDecimalText(request.shipping),
    tax_included: toDecimalText(request.tax),
    gross: toDecimalText(request.total),
  }
}

/** What Mastro tells by itself. `notice_no` is for ever the same for the same fact, `seq` only grows. */
export type ErpNotice = PriceNotice | MaterialNotice

interface NoticeHead {
  readonly notice_no: string
  readonly seq: number
  /** RFC 3339. */
  readonly issued_at: string
}

export interface PriceNotice extends NoticeHead {
  readonly kind: 'price_condition'
  readonly material: string
  /** The price list: one a market. */
  readonly price_list: string
  /** Decimal text, gross: "49.90". */
  readonly gross: string
  readonly currency: Currency
}

export interface MaterialNotice extends NoticeHead {
  readonly kind: 'material_master'
  readonly product_group: string
  readonly short_text?: string | undefined
  readonly long_text?: string | undefined
}

const key = z.string().min(1).max(64)
const head = { notice_no: key, seq: z.int().min(1), issued_at: z.iso.datetime() }

const priceNotice = z
  .object({
    ...head,
    kind: z.literal('price_condition'),
    material: key,
    price_list: z.string().regex(/^[A-Z]{2}$/, 'expected a market such as "IT"'),
    gross: z.string(),
    currency: z.enum(['EUR', 'GBP', 'CHF']),
  })
  .refine((notice) => fromDecimalText(notice.gross, notice.currency) !== undefined, {
    path: ['gross'],
    message: 'expected decimal text with the digits of its currency, such as "49.90"',
  })

const materialNotice = z.object({
  ...head,
  kind: z.literal('material_master'),
  product_group: key,
  short_text: z.string().min(1).max(200).optional(),
  long_text: z.string().max(10_000).optional(),
})

export const erpNotice: z.ZodType<ErpNotice> = z.discriminatedUnion('kind', [priceNotice, materialNotice])

/** Their notice as our fact, and the stream it belongs to. */
export function toFact(notice: ErpNotice): ErpFact {
  switch (notice.kind) {
    case 'price_condition': {
      const { material, price_list: market, currency, gross } = notice
      // The parser of the notice has refused a gross that is no amount.
      const price = { minor: fromDecimalText(gross, currency) ?? 0, currency }
      return {
        stream: `erp-price-${material}`,
        type: 'ErpPriceChanged',
        data: { sku: material, market, price },
      }
    }
    case 'material_master': {
      const { product_group: productId, short_text: name, long_text: description } = notice
      const texts = {
        ...(name === undefined ? {} : { name }),
        ...(description === undefined ? {} : { description }),
      }
      return { stream: `erp-product-${productId}`, type: 'ErpProductChanged', data: { productId, ...texts } }
    }
  }
}

type ErpFact = EventOf<'ErpPriceChanged' | 'ErpProductChanged'> & { readonly stream: string }
