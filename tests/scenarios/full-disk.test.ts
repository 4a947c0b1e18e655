import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { embeddedEngines } from '@stoa/app/engines'
import { systemClock } from '@stoa/platform/clock'
import { openSqliteStore } from '@stoa/platform/event-store.sqlite'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { available, buy, untilFact } from '../support/buy.ts'
import { JUMPER } from '../support/goods.ts'
import { openTestShop, signedIn } from '../support/test-shop.ts'

/** Room for the test's goods and a few orders, not for many. */
const ROOM_BYTES = 400_000

describe('the disk under the orders is full', () => {
  it('refuses new orders with DISK_FULL, goes on serving, and has every order it acknowledged', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stoa-full-'))
    try {
      const placed = await fillUp(folder)
      expect(placed.length).toBeGreaterThan(0)
      // With room again, on the same files: nothing acknowledged is lost, and selling goes on.
      await using shop = await openTestShop({ persist: folder })
      const ada = signedIn(shop, 'ada')
      for (const id of placed) expect((await untilFact(ada, id, 'OrderPosted')).status).toBe('FULFILLED')
      expect((await buy(ada, { sku: JUMPER, key: 'room-again' })).order).not.toBeNull()
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }, 60_000)
})

/** Orders until the disk is full; answers what was acknowledged. */
async function fillUp(folder: string): Promise<readonly string[]> {
  const parts = { clock: systemClock, random: systemRandom, log: silentLog }
  const engines = embeddedEngines({ ...parts, folder })
  const cramped = {
    ...engines,
    store: async (name: string) =>
      name === 'orders'
        ? await openSqliteStore({ path: join(folder, 'orders.sqlite'), ...parts, maxBytes: ROOM_BYTES })
        : await engines.store(name),
  }
  await using shop = await openTestShop({ engines: cramped, persist: folder })
  const ada = signedIn(shop, 'ada')
  const placed: string[] = []
  for (let i = 0; i < 200; i++) {
    const bought = await buy(ada, { sku: JUMPER, key: `full-${i}` }).catch((reason: unknown) =>
      String(reason),
    )
    if (typeof bought === 'string') {
      expect(bought).toContain('DISK_FULL')
      expect(await available(ada, JUMPER)).toBeGreaterThanOrEqual(0)
      return placed
    }
    if (bought.order) placed.push(bought.order.id)
  }
  throw new Error(`Expected the disk to be full after fewer than 200 orders; ${placed.length} fitted.`)
}
