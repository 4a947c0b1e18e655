import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { createShopClient } from '@stoa/app/shop-client'
import { openSimulators, simulatorEnv } from '@stoa/app/simulators'
import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { z } from 'zod'
import { buy, untilFact } from '../support/buy.ts'
import { freePort, startShopProcess } from '../support/shop-process.ts'

const SECRET = 'a-secret-for-this-test-of-at-least-32-characters'

describe('the shop is killed right after an order was acknowledged', () => {
  it('has the order when it starts again on the same folder, and finishes it, charged once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stoa-kill-'))
    const port = await freePort()
    const parts = { clock: systemClock, random: systemRandom, log: silentLog, secret: SECRET }
    // The vendors live on: they are somebody else's machines.
    await using vendors = await openSimulators({ ...parts, shopUrl: `http://127.0.0.1:${port}` })
    const start = {
      args: ['--port', `${port}`, '--persist', folder, '--scale', '0.1'],
      env: simulatorEnv(vendors, SECRET),
    }
    vendors.wms.behave({ mode: 'dead' })
    try {
      const first = await startShopProcess(start)
      const client = createShopClient(first.url)
      const { order } = await buy(client, { sku: await anySku(first.url), key: 'killed' })
      await first.kill()
      vendors.wms.behave({ mode: 'normal' })
      await using again = await startShopProcess(start)
      const done = await untilFact(createShopClient(again.url), order?.id ?? '', 'OrderPosted')
      expect(done.status).toBe('FULFILLED')
      const charges = vendors.payment.ledger().filter((entry) => entry.reference === order?.orderId)
      expect(charges.map((entry) => entry.state)).toEqual(['authorised', 'captured'])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }, 40_000)
})

const listed = z.object({
  products: z.object({
    nodes: z.array(
      z.object({
        variants: z.object({
          nodes: z.array(
            z.object({ sku: z.string(), availability: z.object({ availableToPromise: z.number() }) }),
          ),
        }),
      }),
    ),
  }),
})

async function anySku(url: string): Promise<string> {
  const { products } = await createShopClient(url).ask({
    document:
      '{ products(first: 5) { nodes { variants(first: 5) { nodes { sku availability { availableToPromise } } } } } }',
    answer: listed,
  })
  const variants = products.nodes.flatMap((product) => product.variants.nodes)
  const stocked = variants.find((variant) => variant.availability.availableToPromise > 5)
  if (!stocked) throw new Error('Expected something in stock among the first five products.')
  return stocked.sku
}
