import type { EventStore } from '@stoa/platform/event-store'
import { Fault } from '@stoa/platform/fault'
import { addView, type View } from '../domain/taste.ts'
import { rowAfter, toCustomerTaste, viewsKey } from './taste-rows.ts'

/** Tries to win a race this often before saying CONFLICT. */
const MAX_TRIES = 12

/** Adds a view to a customer's list. */
export async function rememberView(store: EventStore, view: View): Promise<void> {
  const key = viewsKey(view.customerId)
  for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
    const row = await store.get(key)
    const products = addView(toCustomerTaste(row), view)
    if ((await store.commit({ rows: [rowAfter(key, row, { products })] })).ok) return
  }
  throw new Fault('CONFLICT', `A customer's views changed ${MAX_TRIES} times while one was added. Try again.`)
}
