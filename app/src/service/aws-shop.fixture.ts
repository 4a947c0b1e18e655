import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type Clock, systemClock } from '@stoa/platform/clock'
import { type Log, silentLog } from '@stoa/platform/log'
import { type Random, systemRandom } from '@stoa/platform/random'
import type { Env } from '@stoa/platform/subgraph'
import { startDynamodbLocal, whyNoDynamodbLocal } from '@stoa/servers/dynamodb-local'
import { startMoto, whyNoMoto } from '@stoa/servers/moto'
import { z } from 'zod'
import { type DemoData, generateDemoData } from '../demo-data/generate.ts'
import type { Engines } from '../engines.ts'
import { openShop, type Shop } from '../shop.ts'
import { createShopClient, type ShopClient } from '../shop-client.ts'

export const tools: Tools = { clock: systemClock, random: systemRandom, log: silentLog }

interface Tools {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

export function whyNoAws(): string | undefined {
  return whyNoDynamodbLocal() ?? whyNoMoto()
}

export interface AwsPlace extends AsyncDisposable {
  readonly env: Env
  readonly moto: string
}

/** DynamoDB, EventBridge, SQS and S3 on this machine, as the environment of a container names them. */
export async function startAwsPlace(): Promise<AwsPlace> {
  await using opening = new AsyncDisposableStack()
  const dynamodb = opening.use(await startDynamodbLocal())
  const moto = opening.use(await startMoto())
  const opened = opening.move()
  return {
    moto: moto.endpoint,
    env: {
      ...{ STOA_STACK: 'aws', STOA_PREFIX: 'stoa-', STOA_CREATE: 'true', STOA_HOST: '127.0.0.1' },
      ...{ AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
      AWS_ENDPOINT_URL_EVENTBRIDGE: moto.endpoint,
      AWS_ENDPOINT_URL_SQS: moto.endpoint,
      AWS_ENDPOINT_URL_S3: moto.endpoint,
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** The whole shop in this process with one product and ada, on these engines. */
export async function openSmallShop(engines: Engines): Promise<Shop> {
  return await openShop({ ...tools, port: 0, env: {}, engines, data: smallData() })
}

function smallData(): DemoData {
  const { categories, products, locations, stock, customers } = generateDemoData({ scale: 0.1, seed: 42 })
  const some = products.slice(0, 1)
  const skus = new Set(some.flatMap(({ variants }) => variants.map(({ sku }) => sku)))
  return {
    ...{ categories, products: some, locations, customers: customers.slice(0, 3), orders: [] },
    stock: stock.filter(({ sku }) => skus.has(sku)),
  }
}

export function ada(shop: Shop): ShopClient {
  return createShopClient(shop.url, { authorization: `Bearer ${shop.edge.identity.tokens['ada'] ?? ''}` })
}

/** Its id in the graph. */
export async function placeOrder(shop: Shop, key: string): Promise<string> {
  const client = ada(shop)
  const sku = smallData().products[0]?.variants[0]?.sku
  const { cartCreate } = await client.ask({
    document:
      'mutation Cart($lines: [CartAddLine!]) { cartCreate(input: { lines: $lines }) { cart { id } } }',
    variables: { lines: [{ sku, quantity: 1 }] },
    answer: z.object({ cartCreate: z.object({ cart: z.object({ id: z.string() }) }) }),
  })
  const street = { line1: 'Via Dante 7', postalCode: '20121', city: 'Milan', country: 'IT' }
  const input = {
    ...{
      cartId: cartCreate.cart.id,
      email: 'ada@example.test',
      idempotencyKey: key,
      paymentToken: 'tok_visa',
    },
    delivery: { method: 'DELIVERY', address: { name: 'Ada Conti', ...street } },
  }
  const { checkoutSubmit } = await client.ask({
    document:
      'mutation Checkout($input: CheckoutSubmitInput!) { checkoutSubmit(input: $input) { order { id } userErrors { code message } } }',
    variables: { input },
    answer: z.object({ checkoutSubmit: z.object({ order: z.object({ id: z.string() }) }) }),
  })
  return checkoutSubmit.order.id
}

/** What an order tells, in its order. */
export async function timeline(shop: Shop, id: string): Promise<readonly string[]> {
  const { order } = await ada(shop).ask({
    document: 'query Look($id: ID!) { order(id: $id) { timeline { type } } }',
    variables: { id },
    answer: z.object({ order: z.object({ timeline: z.array(z.object({ type: z.string() })) }) }),
  })
  return order.timeline.map(({ type }) => type)
}

/** Looks again and again; emulators take their time. */
export async function until(what: string, isDone: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 90_000
  while (!(await isDone().catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`Waited in vain: ${what}.`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

export interface Program extends AsyncDisposable {
  readonly child: ChildProcess
  /** Its exit code; null when it was killed. */
  readonly ended: Promise<number | null>
  /** As `ended`, after this signal. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>
}

/** One of the app's programs in a process of its own, with this environment and nothing else. */
export function startProgram(
  args: readonly string[],
  env: Env,
  stderr: 'inherit' | 'pipe' = 'inherit',
): Program {
  const [main = '', ...rest] = args
  const path = fileURLToPath(new URL(`../${main}`, import.meta.url))
  const child = spawn(process.execPath, [path, ...rest], { env, stdio: ['ignore', 'ignore', stderr] })
  const ended = once(child, 'exit').then(() => child.exitCode)
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> => {
    child.kill(signal)
    return await ended
  }
  return { child, ended, end, [Symbol.asyncDispose]: async () => void (await end('SIGKILL')) }
}
