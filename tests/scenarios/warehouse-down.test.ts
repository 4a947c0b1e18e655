import { describe, expect, it } from '@jest/globals'
import { buy, look } from '../support/buy.ts'
import { MUG } from '../support/goods.ts'
import { openVirtualShop, passTime, signedIn } from '../support/test-shop.ts'

const TWO_HOURS_MS = 7_200_000

describe('the warehouse is down for two hours', () => {
  it('lets cleo check out all the same, and her order goes on once it is back', async () => {
    await using open = await openVirtualShop()
    const { shop, vendors } = open
    const cleo = signedIn(shop, 'cleo')
    vendors.wms.behave({ mode: 'dead' })
    const bought = await Promise.all([1, 2, 3].map((n) => buy(cleo, { sku: MUG, key: `cleo-${n}` })))
    expect(bought.map((answer) => answer.userErrors)).toEqual([[], [], []])
    await passTime(open, TWO_HOURS_MS)
    const ids = bought.map((answer) => answer.order?.id ?? '')
    const waiting = await Promise.all(ids.map((id) => look(cleo, id)))
    expect(waiting.map((order) => order.status)).toEqual(['PREPARED', 'PREPARED', 'PREPARED'])
    vendors.wms.behave({ mode: 'normal' })
    await passTime(open, 600_000)
    const done = await Promise.all(ids.map((id) => look(cleo, id)))
    expect(done.map((order) => order.status)).toEqual(['FULFILLED', 'FULFILLED', 'FULFILLED'])
    expect(await shop.bus.deadLetters()).toEqual([])
  })
})
