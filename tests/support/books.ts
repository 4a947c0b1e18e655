import type { ShopClient } from '@stoa/app/shop-client'
import type { Simulators } from '@stoa/app/simulators'
import { z } from 'zod'

/** What the payment provider did for one order, in its own words and order: `['authorised', 'captured']`. */
export function charges({ payment }: Pick<Simulators, 'payment'>, orderId: string): readonly string[] {
  const entries = payment.ledger().filter((entry) => entry.reference === orderId)
  return entries.map((entry) => entry.state)
}

/** Which messages the customer got about one order, oldest first: `['order-confirmation', …]`. */
export function messages(
  { notification }: Pick<Simulators, 'notification'>,
  orderNumber: string,
): readonly string[] {
  const entries = notification.ledger().filter((entry) => entry.data['orderNumber'] === orderNumber)
  return entries.map((entry) => entry.template)
}

/** How often the ERP booked one order. */
export function postings({ erp }: Pick<Simulators, 'erp'>, orderId: string): number {
  const entries = erp.ledger().filter((entry) => entry.event === 'posted')
  return entries.filter((entry) => entry.document.document_reference === orderId).length
}

/** Units by account; AVAILABLE and RESERVED lie on the shelf. */
export type StockBooks = Readonly<
  Record<'SUPPLIER' | 'AVAILABLE' | 'RESERVED' | 'CUSTOMER' | 'ADJUSTMENT' | 'TRANSFER', number>
>

const account = z.enum(['SUPPLIER', 'AVAILABLE', 'RESERVED', 'CUSTOMER', 'ADJUSTMENT', 'TRANSFER'])
const ledger = z.object({
  stockLedger: z.object({
    nodes: z.array(z.object({ from: account, to: account, quantity: z.number() })),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  }),
})

/** Adds up the whole ledger of a SKU, as an operator sees it. */
export async function stockBooks(operator: ShopClient, sku: string): Promise<StockBooks> {
  const books = { SUPPLIER: 0, AVAILABLE: 0, RESERVED: 0, CUSTOMER: 0, ADJUSTMENT: 0, TRANSFER: 0 }
  let after: string | null = null
  do {
    const page: z.infer<typeof ledger> = await operator.ask({
      document: `query Ledger($sku: String!, $after: String) {
        stockLedger(sku: $sku, first: 100, after: $after) {
          nodes { from to quantity } pageInfo { hasNextPage endCursor }
        }
      }`,
      variables: { sku, after },
      answer: ledger,
    })
    const { nodes, pageInfo } = page.stockLedger
    for (const { from, to, quantity } of nodes) {
      books[from] -= quantity
      books[to] += quantity
    }
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null
  } while (after !== null)
  return books
}
