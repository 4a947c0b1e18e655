import { openShop, type Shop, type ShopOptions } from '@stoa/app/shop'
import { createShopClient, type ShopClient } from '@stoa/app/shop-client'
import { systemClock } from '@stoa/platform/clock'
import { createVirtualClock, type VirtualClock } from '@stoa/platform/clock.virtual'
import { silentLog } from '@stoa/platform/log'
import { seededRandom, systemRandom } from '@stoa/platform/random'
import { goods } from './goods.ts'

/** The whole shop in this process on a free port, with the three goods and three people of the tests. */
export function openTestShop(options: Partial<ShopOptions> = {}): Promise<Shop> {
  return openShop({
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    port: 0,
    data: goods,
    env: {},
    ...options,
  })
}

/** The same under a clock that only moves when told to. */
export async function openVirtualShop(): Promise<{ readonly shop: Shop; readonly clock: VirtualClock }> {
  const clock = createVirtualClock()
  return { clock, shop: await openTestShop({ clock, random: seededRandom(7) }) }
}

/** A head in which ada, bo or cleo is signed in. */
export function signedIn(shop: Shop, who: 'ada' | 'bo' | 'cleo' | 'operator'): ShopClient {
  return createShopClient(shop.url, { authorization: `Bearer ${shop.edge.identity.tokens[who] ?? ''}` })
}

/** Resolves once every fact told so far was handled by everyone who can handle it now. */
export async function settle(shop: Shop): Promise<void> {
  let quiet = 0
  let before = await lastFact(shop)
  while (quiet < 3) {
    await shop.bus.idle()
    await new Promise((resolve) => setTimeout(resolve, 8))
    const now = await lastFact(shop)
    quiet = now === before ? quiet + 1 : 0
    before = now
  }
}

/** Moves virtual time, stopping at each timer to let the real connections between the parts do their work. */
export async function passTime(shop: Shop, clock: VirtualClock, ms: number): Promise<void> {
  const until = clock.now() + ms
  await settle(shop)
  for (let next = clock.nextAt(); next !== undefined && next <= until; next = clock.nextAt()) {
    clock.advance(Math.max(0, next - clock.now()))
    await settle(shop)
  }
  clock.advance(until - clock.now())
  await settle(shop)
}

async function lastFact(shop: Shop): Promise<string | undefined> {
  return (await shop.bus.archive({ limit: 1, descending: true })).events[0]?.id
}
