import { createErpClient } from '@stoa/adapter-erp/client'
import { createPaymentClient } from '@stoa/adapter-payment/client'
import { requireConfig } from '@stoa/platform/config'
import type { Subgraph, SubgraphParts } from '@stoa/platform/subgraph'
import { z } from 'zod'
import { openOrdersOn } from './open-orders.ts'

const config = z.object({
  PAYMENT_URL: z.url().meta({ example: 'http://127.0.0.1:4101' }),
  ERP_URL: z.url().meta({ example: 'http://127.0.0.1:4103' }),
})

/** Orders: carts, checkout, and every order's course until it is sent and paid, or ended. */
export async function openOrders(parts: SubgraphParts): Promise<Subgraph> {
  const { PAYMENT_URL, ERP_URL } = requireConfig(config, parts.env)
  const { log, clock } = parts
  await using stack = new AsyncDisposableStack()
  const payments = stack.use(createPaymentClient({ url: PAYMENT_URL, log, clock }))
  const ledger = stack.use(createErpClient({ url: ERP_URL, log, clock }))
  const orders = stack.use(await openOrdersOn(parts, { payments, ledger }))
  const opened = stack.move()
  return { ...orders, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}
