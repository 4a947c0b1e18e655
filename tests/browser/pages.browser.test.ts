import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { generateDemoData } from '@stoa/app/demo-data'
import type { Shop } from '@stoa/app/shop'
import { type Browser, chromium, type Page } from 'playwright-core'
import { buy } from '../support/buy.ts'
import { openTestShop, signedIn } from '../support/test-shop.ts'

const CHROMIUM = '/usr/bin/chromium'
const there = existsSync(CHROMIUM)
const suite = there ? describe : describe.skip
const why = there ? '' : ' (skipped: no /usr/bin/chromium; install Debian’s chromium)'

/** Chromium without any connection of its own, and no name but this machine's resolves. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
]

let shop: Shop
let browser: Browser

beforeAll(async () => {
  if (!there) return
  shop = await openTestShop({ data: generateDemoData({ scale: 0.2, seed: 42 }) })
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
})
afterAll(async () => {
  await browser?.close()
  await shop?.[Symbol.asyncDispose]()
})

/** A page that remembers every request that left this machine. */
async function open(path: string): Promise<{ page: Page; outside: string[]; problems: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } })
  const outside: string[] = []
  const problems: string[] = []
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url())
    if (protocol.startsWith('http') && hostname !== 'localhost' && hostname !== '127.0.0.1')
      outside.push(request.url())
  })
  page.on('pageerror', (error) => problems.push(String(error)))
  await page.goto(`${shop.url}${path}`, { waitUntil: 'load' })
  return { page, outside, problems }
}

async function shot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: new URL(`../../.cache/screenshots/${name}.png`, import.meta.url).pathname })
}

suite(`the pages in headless Chromium${why}`, () => {
  it('welcome shows the map, the links and who may sign in', async () => {
    const { page, outside, problems } = await open('/')
    await shot(page, 'welcome')
    expect(await page.textContent('h1')).toContain('One roof')
    expect(await page.locator('svg.map').count()).toBe(1)
    expect(await page.textContent('main')).toContain('ada@example.test')
    expect({ outside, problems }).toEqual({ outside: [], problems: [] })
  })

  it('events shows an order travelling', async () => {
    const { page, problems } = await open('/events')
    const client = signedIn(shop, 'ada')
    const sku = shop.seeded ? await firstSku() : ''
    await buy(client, { sku, key: 'browser-1' })
    await page.waitForSelector('#events tr:has-text("OrderFulfilled")', { timeout: 15_000 })
    await shot(page, 'events')
    await page.fill('#filter', 'OrderCreated')
    expect(await page.locator('#events tr:visible').count()).toBeGreaterThan(0)
    expect(problems).toEqual([])
  })

  it('sandbox answers a query and shows its plan, with no request to anywhere else', async () => {
    const { page, outside, problems } = await open('/sandbox')
    await page.waitForSelector('text=First steps', { timeout: 30_000 })
    await page.getByRole('button', { name: /run/i }).first().click()
    await page.waitForSelector('text=/Response|200/', { timeout: 20_000 })
    await shot(page, 'sandbox-answer')
    await page
      .getByText(/query plan/i)
      .first()
      .click()
    await page.waitForSelector('text=/catalog/', { timeout: 10_000 })
    await shot(page, 'sandbox-plan')
    expect({ outside, problems }).toEqual({ outside: [], problems: [] })
  })
})

suite(`the sandbox of the partner${why}`, () => {
  it('sends the id of a document with the partner’s key, and gets an answer', async () => {
    const { page, problems } = await open('/sandbox')
    await page.getByText('Partner (Acme)').click()
    await page.getByText('AcmeProductFeed').click()
    const isById = (body: string | null): boolean => body?.includes('"documentId"') === true
    const answered = page.waitForResponse((response) => isById(response.request().postData()))
    await page.getByRole('button', { name: /run/i }).first().click()
    const response = await answered
    expect(response.request().headers()['x-api-key']).toBe('pk_demo_partner')
    expect(await response.json()).toMatchObject({ data: { products: {} } })
    expect(problems).toEqual([])
  })
})

async function firstSku(): Promise<string> {
  const response = await fetch(`${shop.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query:
        '{ products(first: 9) { nodes { variants(first: 9) { nodes { sku availability { availableToPromise } } } } } }',
    }),
  })
  const { data } = await response.json()
  const variants: readonly { sku: string; availability: { availableToPromise: number } }[] =
    data.products.nodes.flatMap((node: { variants: { nodes: readonly object[] } }) => node.variants.nodes)
  return variants.find((variant) => variant.availability.availableToPromise > 3)?.sku ?? ''
}
