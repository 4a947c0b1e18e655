import type { EngineParts, Engines } from '@stoa/app/engines'
import { openShop, type Shop, type ShopOptions } from '@stoa/app/shop'
import { createShopClient, type ShopClient } from '@stoa/app/shop-client'
import type { Simulators } from '@stoa/app/simulators'
import { systemClock } from '@stoa/platform/clock'
import { createVirtualClock, type VirtualClock } from '@stoa/platform/clock.virtual'
import { silentLog } from '@stoa/platform/log'
import { seededRandom, systemRandom } from '@stoa/platform/random'
import { goods } from './goods.ts'
import { requestsUnderWay } from './requests-under-way.ts'
import { openFreshEngines, stack } from './stack.ts'

/** The whole shop in this process on a free port, with the three goods and three people of the tests. */
export async function openTestShop(options: Partial<ShopOptions> = {}): Promise<Shop> {
  await using opening = new AsyncDisposableStack()
  const tools = { clock: systemClock, random: systemRandom, log: silentLog }
  const usual = { ...tools, port: 0, data: goods, env: {} }
  const { engines = await ownEngines(opening, { ...tools, ...options }) } = options
  const shop = opening.use(await openShop({ ...usual, ...options, engines }))
  const opened = opening.move()
  return { ...shop, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

async function ownEngines(
  owner: AsyncDisposableStack,
  { persist, ...tools }: EngineParts & { readonly persist?: string },
): Promise<Engines> {
  return owner.use(
    await openFreshEngines({ ...tools, ...(persist === undefined ? {} : { folder: persist }) }),
  )
}

/** A shop under a clock that only moves when told to, and the vendors behind it. */
export interface VirtualShop extends AsyncDisposable {
  readonly shop: Shop
  readonly clock: VirtualClock
  readonly vendors: Simulators
}

export async function openVirtualShop(options: Partial<ShopOptions> = {}): Promise<VirtualShop> {
  const clock = createVirtualClock()
  const shop = await openTestShop({ clock, random: seededRandom(7), ...options })
  if (!shop.simulators) throw new Error('Expected the shop to have opened simulators of its own.')
  return {
    ...{ shop, clock, vendors: shop.simulators },
    [Symbol.asyncDispose]: () => shop[Symbol.asyncDispose](),
  }
}

/** A head in which ada, bo or cleo is signed in. */
export function signedIn(shop: Shop, who: 'ada' | 'bo' | 'cleo' | 'operator'): ShopClient {
  return createShopClient(shop.url, { authorization: `Bearer ${shop.edge.identity.tokens[who] ?? ''}` })
}

/** So many turns of the event loop must pass with nothing under way: what hops from one part to the next takes a few. */
const QUIET_TURNS = 12

/** Resolves once every fact told so far was handled by everyone who can handle it now. */
export async function settle(shop: Shop): Promise<void> {
  let before = await lastFact(shop)
  for (let quiet = 0; quiet < QUIET_TURNS; ) {
    await shop.bus.idle()
    await (requestsUnderWay() > 0 || stack !== 'embedded' ? pause() : turn())
    const now = await lastFact(shop)
    quiet = now === before && requestsUnderWay() === 0 ? quiet + 1 : 0
    before = now
  }
}

/** Moves virtual time, stopping at each timer to let the real connections between the parts do their work. */
export async function passTime(
  { shop, clock }: Pick<VirtualShop, 'shop' | 'clock'>,
  ms: number,
): Promise<void> {
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

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Engines behind a network work unseen: the same number of longer pauses. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, stack === 'embedded' ? 2 : 50))
}
