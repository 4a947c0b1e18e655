import { describe, expect, it } from '@jest/globals'
import type { Shop } from '@stoa/app/shop'
import { z } from 'zod'
import { order } from '../support/buy.ts'
import { JUMPER, MUG } from '../support/goods.ts'
import { listen } from '../support/socket-client.ts'
import { openTestShop, signedIn } from '../support/test-shop.ts'

const watched = z.object({
  orderChanged: z.object({
    status: z.string(),
    timeline: z.array(z.object({ type: z.string() })),
    lines: z.array(z.object({ variant: z.object({ name: z.string() }) })),
  }),
})
const watch = `subscription Watch($id: ID!) {
  orderChanged(orderId: $id) { status timeline { type } lines { variant { name } } }
}`

function tokenOf(shop: Shop, who: 'ada' | 'bo'): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${shop.edge.identity.tokens[who] ?? ''}` }
}

describe('ada watches her order', () => {
  it('sees it change over a WebSocket until it is fulfilled and posted', async () => {
    await using shop = await openTestShop()
    const { id } = await order(signedIn(shop, 'ada'), { sku: JUMPER, key: 'ada-1' })
    const question = { document: watch, variables: { id }, answer: watched }
    await using watching = await listen(shop.url, { ...question, params: tokenOf(shop, 'ada') })
    const statuses = new Set<string>()
    for (let told: string[] = []; !told.includes('OrderPosted'); ) {
      const { orderChanged } = await watching.next()
      told = orderChanged.timeline.map(({ type }) => type)
      statuses.add(orderChanged.status)
      expect(orderChanged.lines).toEqual([{ variant: { name: 'Navy Jumper' } }])
    }
    expect([...statuses].at(-1)).toBe('FULFILLED')
    expect(statuses.size).toBeGreaterThan(1)
  })

  it('is the only customer who does: bo is told that there is none', async () => {
    await using shop = await openTestShop()
    const { id } = await order(signedIn(shop, 'ada'), { sku: MUG, key: 'ada-2' })
    const question = { document: watch, variables: { id }, answer: watched }
    await using watching = await listen(shop.url, { ...question, params: tokenOf(shop, 'bo') })
    await expect(watching.next()).rejects.toThrow('NOT_FOUND')
  })
})

describe('a page that shows what is in stock', () => {
  it('sees it go down with the order, by server-sent events', async () => {
    await using shop = await openTestShop()
    const query = `subscription { availabilityChanged(skus: ["${MUG}"]) { name availability { availableToPromise } } }`
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream' }
    const answer = await fetch(`${shop.url}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query }),
    })
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    const until = async (part: string): Promise<void> => {
      while (!text.includes(part)) text += (await reader?.read())?.value ?? ''
    }
    await until('"name":"Rust Mug","availability":{"availableToPromise":1000}')
    await order(signedIn(shop, 'bo'), { sku: MUG, quantity: 3, key: 'bo-1' })
    await until('"availableToPromise":997')
    await reader?.cancel()
  })
})
