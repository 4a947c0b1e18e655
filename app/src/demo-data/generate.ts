import { seededRandom } from '@stoa/platform/random'
import { assortment, departments } from './assortment.ts'
import { type DemoCustomer, makeCustomers } from './customers.ts'
import { type DemoLocation, makeLocations } from './locations.ts'
import { type DemoOrder, makeOrders } from './orders.ts'
import { type DemoProduct, makeProducts } from './products.ts'
import { type DemoStock, makeStock } from './stock.ts'

/** Everything a demo shop begins with. */
export interface DemoData {
  readonly categories: readonly { readonly handle: string; readonly name: string; readonly parent?: string }[]
  readonly products: readonly DemoProduct[]
  readonly locations: readonly DemoLocation[]
  readonly stock: readonly DemoStock[]
  readonly customers: readonly DemoCustomer[]
  readonly orders: readonly DemoOrder[]
}

export interface DemoOptions {
  /** 1 gives about 2,000 variants, 200 customers and 500 orders; 10 ten times that. */
  readonly scale: number
  readonly seed: number
}

/** The past ends here, whatever day it is: the same seed gives the same bytes. */
const DEMO_NOW = Date.UTC(2026, 10, 20, 18)

export function generateDemoData({ scale, seed }: DemoOptions): DemoData {
  const random = seededRandom(seed)
  const products = makeProducts(random, { scale, now: DEMO_NOW })
  const locations = makeLocations()
  const stock = makeStock(random, products, locations)
  const customers = makeCustomers(random, Math.max(3, Math.round(200 * scale)))
  const orders = makeOrders(random, Math.max(12, Math.round(500 * scale)), {
    customers,
    products,
    now: DEMO_NOW,
  })
  return { categories: categories(), products, locations, stock, customers, orders }
}

function categories(): DemoData['categories'] {
  return [
    ...departments,
    ...assortment.map(({ handle, name, department }) => ({ handle, name, parent: department })),
  ]
}
