import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Consumer } from '@stoa/platform/event-bus'
import type { Env } from '@stoa/platform/subgraph'
import type { Shop } from '../shop.ts'
import { addressEnv, simulatorUrls } from '../simulators.ts'
import { openEngines } from '../stacks/stack.ts'
import {
  type AwsPlace,
  openSmallShop,
  type Program,
  placeOrder,
  startAwsPlace,
  startProgram,
  timeline,
  tools,
  until,
  whyNoAws,
} from './aws-shop.fixture.ts'
import { type PlayedLambda, playLambda } from './lambda-api.fixture.ts'
import { withoutReactions } from './reactions.ts'

const whyNot = whyNoAws()
const describeHere = whyNot === undefined ? describe : describe.skip

/** More than an emulator takes for all; less than the closing of a function would leave nothing of. */
const AMPLE_MS = 60_000

describeHere(
  whyNot ? `Reactions elsewhere are not tried: ${whyNot}` : 'reactions of orders, elsewhere',
  () => {
    const opened = new AsyncDisposableStack()
    let aws: AwsPlace
    let shop: Shop
    let lambda: PlayedLambda
    let env: Env
    let program: Program
    let invocations = 0

    beforeAll(async () => {
      aws = opened.use(await startAwsPlace())
      lambda = opened.use(await playLambda())
      const engines = opened.use(await openEngines('aws', { ...tools, env: aws.env }))
      const bus = async () => {
        const whole = await engines.bus()
        const deaf = withoutReactions(whole)
        return { ...whole, subscribe: (c: Consumer) => (isOfOrders(c) ? deaf : whole).subscribe(c) }
      }
      shop = opened.use(await openSmallShop({ ...engines, bus }))
      const vendors = shop.simulators ? addressEnv(simulatorUrls(shop.simulators)) : {}
      const runtime = { AWS_LAMBDA_RUNTIME_API: lambda.api, STOA_QUIET_SECONDS: '2' }
      env = { ...aws.env, ...vendors, ...runtime }
      program = startProgram(['service-main.ts', 'reactions', 'orders'], env)
    }, 180_000)
    afterAll(async () => {
      await program[Symbol.asyncDispose]()
      await opened.disposeAsync()
    })

    function invoke(forMs = AMPLE_MS): void {
      invocations += 1
      lambda.invoke({ id: `i${invocations}`, deadline: Date.now() + forMs })
    }

    async function react(forMs = AMPLE_MS): Promise<unknown> {
      invoke(forMs)
      return (await lambda.answered()).body
    }

    /** As the rule and the schedule would: again and again. */
    async function reactUntilPosted(order: string): Promise<void> {
      await until(`${order} is posted`, async () => {
        await react()
        return (await timeline(shop, order)).includes('OrderPosted')
      })
    }

    it('take in what was told before, and end when there is nothing more', async () => {
      expect(await react()).toMatchObject({ ended: 'idle', failed: 0 })
      expect(await react()).toEqual({ ended: 'idle', handled: 0, failed: 0 })
    }, 120_000)

    it('happen when the function is invoked and not before, each once and in order', async () => {
      const order = await placeOrder(shop, 'first')
      const before = await timeline(shop, order)
      await pause(3000)
      expect(await timeline(shop, order)).toEqual(before)
      await reactUntilPosted(order)
      await expectWhole(shop, order)
      expect(await shop.bus.deadLetters()).toEqual([])
    }, 180_000)

    it('lose nothing and do nothing twice when the function is killed in the middle', async () => {
      const order = await placeOrder(shop, 'second')
      const before = await timeline(shop, order)
      invoke()
      await until('a reaction', async () => (await timeline(shop, order)).length > before.length)
      await program.end('SIGKILL')
      program = startProgram(['service-main.ts', 'reactions', 'orders'], env)
      await reactUntilPosted(order)
      await expectWhole(shop, order)
    }, 240_000)

    it('stop before the time of the function is up, and go on with the next', async () => {
      const order = await placeOrder(shop, 'third')
      expect(await react(12_500)).toMatchObject({ ended: 'deadline' })
      await reactUntilPosted(order)
      await expectWhole(shop, order)
    }, 180_000)

    it('put what cannot be handled among the dead letters, as ever', async () => {
      await shop.bus.publish([unheardOf])
      await react()
      const letters = await shop.bus.deadLetters()
      expect(letters.map(({ event }) => event.id)).toEqual([unheardOf.id])
    }, 120_000)
  },
)

const isOfOrders = ({ name }: Pick<Consumer, 'name'>): boolean => name.startsWith('orders.')

const STEPS = ['OrderCreated', 'OrderProcessed', 'ShipmentPrepared', 'ShipmentProcessed', 'OrderFulfilled']

/** Every step in its order, and no fact twice; nobody has paid twice. */
async function expectWhole(shop: Shop, order: string): Promise<void> {
  const told = await timeline(shop, order)
  expect(told.filter((type) => STEPS.includes(type))).toEqual(STEPS)
  expect(new Set(told).size).toBe(told.length)
  const charges = shop.simulators?.payment.ledger().map(({ state }) => state) ?? []
  const captured = charges.filter((state) => state === 'captured')
  expect(captured.length * 2).toBe(charges.length)
}

/** Of an order that there is not: no try of it can succeed. */
const unheardOf = {
  ...{ id: 'stock-NONE@1', type: 'StockReserved', at: Date.UTC(2026, 10, 21), stream: 'stock-NONE' },
  ...{ version: 1, source: 'inventory', meta: { correlationId: 'R-none' } },
  data: { orderId: 'O-NONE', allocations: [] },
}
