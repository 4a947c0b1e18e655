import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { backUp } from '@stoa/app/back-up'
import { createShopClient } from '@stoa/app/shop-client'
import { charges, postings } from '../support/books.ts'
import { order, untilFact, untilOrder } from '../support/buy.ts'
import { stockedSkus } from '../support/demo-goods.ts'
import { openKillableShop } from '../support/killable-shop.ts'

describe('a shop is backed up while it sells, and its disk is lost', () => {
  it('goes on from the copy: orders from before are there, end as they must, and are charged once', async () => {
    const copy = await mkdtemp(join(tmpdir(), 'stoa-copy-'))
    try {
      await using shop = await openKillableShop()
      const { vendors } = shop
      const guest = createShopClient(shop.url)
      const first = await shop.start()
      const [sku = ''] = await stockedSkus(guest)
      const done = await order(guest, { sku, key: 'done' })
      await untilFact(guest, done.id, 'OrderPosted')
      vendors.wms.behave({ mode: 'dead' })
      const waiting = await Promise.all([1, 2, 3].map((n) => order(guest, { sku, key: `waiting-${n}` })))
      await untilOrder(guest, waiting[0]?.id ?? '', ({ status }) => status === 'PREPARED')

      expect(await backUp(shop.folder, copy)).toContain('orders.sqlite')
      await first.kill()
      await rm(shop.folder, { recursive: true })
      vendors.wms.behave({ mode: 'normal' })
      const second = await shop.start(copy)
      for (const { id, orderId } of [done, ...waiting]) {
        expect((await untilFact(guest, id, 'OrderPosted')).status).toBe('FULFILLED')
        expect(charges(vendors, orderId)).toEqual(['authorised', 'captured'])
        expect(postings(vendors, orderId)).toBe(1)
      }
      expect(await second.stop()).toBe(0)
    } finally {
      await rm(copy, { recursive: true })
    }
  }, 60_000)

  it('is refused where there is no shop, and where something would be written over', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stoa-copy-'))
    try {
      const missing = { code: 'BAD_CONFIG', message: expect.stringContaining('bus.sqlite') }
      await expect(backUp(folder, join(folder, 'to'))).rejects.toMatchObject(missing)
      await using shop = await openKillableShop()
      const running = await shop.start()
      await mkdir(join(folder, 'full'))
      const full = { code: 'BAD_CONFIG', message: expect.stringContaining('empty folder') }
      await expect(backUp(shop.folder, folder)).rejects.toMatchObject(full)
      await running.stop()
    } finally {
      await rm(folder, { recursive: true })
    }
  }, 30_000)
})
