import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { findMarket } from '@stoa/platform/market'
import { seededRandom } from '@stoa/platform/random'
import { checkEvent } from '@stoa/schema/events'
import { assortment, departments } from './assortment.ts'
import { type DemoData, generateDemoData } from './generate.ts'
import { factsUntil, orderEndings } from './order-endings.ts'
import { makeProducts } from './products.ts'

const data = generateDemoData({ scale: 1, seed: 42 })
const variants = data.products.flatMap((product) => product.variants)
const facts = data.orders.flatMap((order) => order.facts)

function hash(demo: DemoData): string {
  return createHash('sha256').update(JSON.stringify(demo)).digest('hex')
}

function distinct(values: readonly string[]): number {
  return new Set(values).size
}

describe('demo data', () => {
  it('is the same to the byte for the default seed: whoever changes it changes this line too', () => {
    expect(hash(data)).toBe('54cb76e6579dd9931b39c3b4371db6ebc8042b82764bc0963ddb81787cdb6a1e')
  })

  it('is the same for the same seed and other for another', () => {
    const seventh = hash(generateDemoData({ scale: 0.1, seed: 7 }))
    expect(hash(generateDemoData({ scale: 0.1, seed: 7 }))).toBe(seventh)
    expect(hash(generateDemoData({ scale: 0.1, seed: 8 }))).not.toBe(seventh)
  })

  it('grows and shrinks with the scale', () => {
    const half = generateDemoData({ scale: 0.5, seed: 42 })
    expect(half.products).toHaveLength(data.products.length / 2)
    expect([half.customers.length, half.orders.length, half.locations.length]).toEqual([100, 250, 43])
  })

  it('has the smallest shop that still shows everything at the lowest scale', () => {
    const least = generateDemoData({ scale: 0.1, seed: 42 })
    expect([least.customers.length, least.orders.length, least.products.length]).toEqual([20, 50, 48])
  })
})

describe('its assortment', () => {
  it('is about 2,000 variants of twelve categories in three departments', () => {
    expect(variants.length).toBeGreaterThan(1_800)
    expect(variants.length).toBeLessThan(2_200)
    expect(distinct(data.products.map((product) => product.category))).toBe(12)
    const parents = data.categories.filter(({ parent }) => parent === undefined).map(({ handle }) => handle)
    expect(parents).toEqual(departments.map(({ handle }) => handle))
  })

  it('gives no two products one name, handle or id, and no two variants one SKU', () => {
    const products = makeProducts(seededRandom(3), { scale: 20, now: 0 })
    for (const goods of [data.products, products]) {
      for (const key of ['name', 'handle', 'productId'] as const)
        expect(distinct(goods.map((product) => product[key]))).toBe(goods.length)
      const skus = goods.flatMap((product) => product.variants.map(({ sku }) => sku))
      expect(distinct(skus)).toBe(skus.length)
    }
  })

  it('makes nothing of what it cannot be made of', () => {
    for (const product of data.products) {
      const plan = assortment.find(({ handle }) => handle === product.category)
      const [, materials] = plan?.goods.find(([noun]) => product.name.endsWith(noun)) ?? []
      expect(materials).toContain(product.attributes.find(({ name }) => name === 'material')?.value)
    }
  })

  it('reads like a shop: words, no placeholders', () => {
    const placeholder = /lorem|ipsum|foo|bar\b|test|todo|undefined|null|NaN|placeholder|product \d|\bitem\b/i
    const texts = data.products.flatMap(({ name, description, brand, handle }) => [
      ...[name, description, brand, handle],
    ])
    expect(texts.filter((text) => placeholder.test(text) || /\s{2}|^\s|\s$/.test(text))).toEqual([])
    expect(data.products.filter(({ name }) => !/^\p{Lu}[\p{L}’ .-]+$/u.test(name))).toEqual([])
  })

  it('costs something in every market, in three currencies', () => {
    expect(distinct(variants.flatMap(({ prices }) => prices.map(({ currency }) => currency)))).toBe(3)
    for (const { prices } of variants) {
      expect(prices.map(({ market }) => findMarket(market)?.currency)).toEqual(
        prices.map(({ currency }) => currency),
      )
      expect(prices.every(({ minor }) => Number.isInteger(minor) && minor > 0)).toBe(true)
    }
  })
})

describe('its places and people', () => {
  it('are three distribution centres and forty stores, each in a place of its own in Europe', () => {
    const kinds = data.locations.map(({ kind }) => kind)
    expect([kinds.filter((kind) => kind === 'DC').length, kinds.length]).toEqual([3, 43])
    const places = data.locations.map(({ latitude, longitude }) => `${latitude}/${longitude}`)
    expect(distinct(places)).toBe(43)
    for (const { address, latitude, longitude } of data.locations) {
      const [south, north, west, east] = BORDERS[address.country] ?? []
      expect(latitude).toBeGreaterThan(south ?? 90)
      expect(latitude).toBeLessThan(north ?? -90)
      expect(longitude).toBeGreaterThan(west ?? 180)
      expect(longitude).toBeLessThan(east ?? -180)
    }
  })

  it('are 200 customers with an address each, ada, bo and cleo first', () => {
    expect(data.customers.slice(0, 3).map(({ email }) => email)).toEqual([
      'ada@example.test',
      'bo@example.test',
      'cleo@example.test',
    ])
    expect(distinct(data.customers.map(({ email }) => email))).toBe(200)
    expect(data.customers.every(({ addresses }) => addresses.length === 1)).toBe(true)
  })

  it('have goods on the shelf: one SKU in about 25 is sold out, the rest lie where there are places', () => {
    expect(data.stock.map(({ sku }) => sku)).toEqual(variants.map(({ sku }) => sku))
    const places = new Set(data.locations.map(({ locationId }) => locationId))
    const lying = data.stock.flatMap(({ levels }) => levels)
    expect(lying.filter(({ locationId, onHand }) => !places.has(locationId) || onHand < 1)).toEqual([])
    const soldOut = data.stock.filter(({ levels }) => levels.length === 0).length
    expect(soldOut).toBeGreaterThan(40)
    expect(soldOut).toBeLessThan(140)
  })
})

describe('its past orders', () => {
  it('are 500, and the first twelve stand in every state there is', () => {
    expect(data.orders).toHaveLength(500)
    const stories = data.orders.map((order) => order.facts.map(({ event }) => event.type).join())
    const first = data.orders[0]?.facts[0]?.event
    if (first?.type !== 'OrderCreated') throw new Error('Expected an order to begin with OrderCreated.')
    const twoLines = { ...first.data, lines: [...first.data.lines, ...first.data.lines] }
    for (const ending of orderEndings) {
      const story = factsUntil(ending, twoLines).map(({ type }) => type)
      expect(stories).toContain(story.join())
    }
  })

  it('are told by facts of the contract, in the order of time, none of them in the future', () => {
    expect(facts.map(({ event }) => checkEvent(event)).filter((checked) => !checked.ok)).toEqual([])
    for (const { facts: told } of data.orders)
      expect(told.map(({ at }) => at)).toEqual(told.map(({ at }) => at).toSorted((a, b) => a - b))
    expect(Math.max(...facts.map(({ at }) => at))).toBeLessThanOrEqual(Date.UTC(2026, 10, 20, 18))
  })

  it('were sent off when the fact says so', () => {
    for (const { at, event } of facts)
      if (event.type === 'ShipmentProcessed') expect(event.data.shippedAt).toBe(at)
  })

  it('speak of goods and people that exist, at the price of their market', () => {
    const priceOf = new Map(
      variants.flatMap(({ sku, prices }) => prices.map(({ market, minor }) => [`${sku} ${market}`, minor])),
    )
    const people = new Set(data.customers.map(({ customerId }) => customerId))
    for (const { event } of facts) {
      if (event.type !== 'OrderCreated') continue
      const { customerId, lines, market, subtotal, shipping, total } = event.data
      expect(people).toContain(customerId)
      expect(lines.map(({ unitPrice }) => unitPrice.minor)).toEqual(
        lines.map(({ sku }) => priceOf.get(`${sku} ${market}`)),
      )
      const sum = lines.reduce((minor, line) => minor + line.quantity * line.unitPrice.minor, 0)
      expect([subtotal.minor, total.minor]).toEqual([sum, sum + shipping.minor])
    }
  })
})

/** South, north, west and east of each country, degrees. */
const BORDERS: Readonly<Record<string, readonly [number, number, number, number]>> = {
  IT: [36.6, 47.1, 6.6, 18.6],
  DE: [47.2, 55.1, 5.8, 15.1],
  GB: [49.8, 60.9, -8.2, 1.8],
  CH: [45.8, 47.9, 5.9, 10.5],
}
