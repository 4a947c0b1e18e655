import { orderSagaAsl } from './order-saga-asl.ts'
import { orderSagaPage } from './order-saga-page.ts'

const docs = new URL('../../../../docs/', import.meta.url)

/** What is generated from the table, and where it lies. */
export function sagaFiles(): readonly { readonly url: URL; readonly text: string }[] {
  return [
    { url: new URL('order-saga.asl.json', docs), text: `${JSON.stringify(orderSagaAsl(), undefined, 2)}\n` },
    { url: new URL('order-saga.md', docs), text: orderSagaPage() },
  ]
}
