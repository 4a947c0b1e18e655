import { createShopClient, type ShopClient } from '@stoa/app/shop-client'
import type { Random } from '@stoa/platform/random'
import { z } from 'zod'
import { cancel, fillCart, type PlacedOrder, submit } from './buy.ts'
import { insist } from './insist.ts'

/** What one checkout was about, and the order the shop acknowledged. */
export interface Basket {
  readonly sku: string
  readonly quantity: number
  readonly order: PlacedOrder
}

export interface ShoppingTrip {
  readonly url: string
  readonly who: string
  readonly skus: readonly string[]
  readonly random: Random
  /** No new checkout after this; one that was begun is seen through. */
  readonly leaving: AbortSignal
}

const config = z.object({ tokens: z.record(z.string(), z.string()) })

/** Signs into a shop process with the token it shows its visitors for `ada`, `operator` and so on. */
export async function signInto(url: string, who: string): Promise<ShopClient> {
  const response = await fetch(`${url}/sandbox/config.json`)
  const { tokens } = config.parse(await response.json())
  return createShopClient(url, { authorization: `Bearer ${tokens[who] ?? ''}` })
}

/** Checks out again and again, whatever happens to the shop; every sixth card is declined, every sixth order regretted. */
export async function shopOn(trip: ShoppingTrip): Promise<readonly Basket[]> {
  const { who, skus, random, leaving } = trip
  const insistently = createInsistence(trip)
  const baskets: Basket[] = []
  while (!leaving.aborted) {
    const sku = skus[Math.floor(random.next() * skus.length)] ?? ''
    const quantity = 1 + Math.floor(random.next() * 2)
    const mood = random.next() * 6
    const cartId = await insistently((client) => fillCart(client, sku, quantity))
    const paymentToken = mood < 1 ? 'tok_declined' : 'tok_visa'
    const purchase = { key: `${who}-${baskets.length}`, paymentToken }
    const { order, userErrors } = await insistently((client) => submit(client, cartId, purchase))
    if (!order) throw new Error(`Expected an order, got ${JSON.stringify(userErrors)}`)
    if (mood > 5) await insistently((client) => cancel(client, order.id))
    baskets.push({ sku, quantity, order })
    await new Promise((resolve) => setTimeout(resolve, 50 + random.next() * 100))
  }
  return baskets
}

const PATIENCE_MS = 20_000

/** Asks with the same key until there is an answer; signs in again for it. */
function createInsistence({ url, who }: Pick<ShoppingTrip, 'url' | 'who'>) {
  let signedIn: Promise<ShopClient> | undefined
  const asSignedIn = async <T>(ask: (client: ShopClient) => Promise<T>): Promise<T> => {
    try {
      signedIn ??= signInto(url, who)
      return await ask(await signedIn)
    } catch (reason) {
      signedIn = undefined
      throw reason
    }
  }
  return <T>(ask: (client: ShopClient) => Promise<T>): Promise<T> =>
    insist(() => asSignedIn(ask), PATIENCE_MS)
}
