import { type Clock, sleep } from '@stoa/platform/clock'
import type { TableStore } from '@stoa/platform/table-store'
import type { OrderOwner } from './domain/order-owner.ts'
import { loadOwner } from './store/owner-rows.ts'

export interface LiveLoaders {
  /**
   * Whose an order is. One that was placed just now may not have been heard of yet: it is waited for, for less than
   * two seconds.
   */
  owner(orderId: string): Promise<OrderOwner | undefined>
}

/** Milliseconds before each further look. */
const PAUSES = [20, 50, 100, 200, 400, 800]

export function createLoaders(store: TableStore, clock: Clock): LiveLoaders {
  return {
    async owner(orderId) {
      let owner = await loadOwner(store, orderId)
      for (const pause of PAUSES) {
        if (owner) break
        await sleep(clock, pause)
        owner = await loadOwner(store, orderId)
      }
      return owner
    },
  }
}
