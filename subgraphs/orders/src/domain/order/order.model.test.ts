import { describe, expect, it } from '@jest/globals'
import { invariant } from '@stoa/platform/invariant'
import fc from 'fast-check'
import { allocations, fold, notice, stories } from './ada-order.fixture.ts'
import { type LaterCommand, orderDecider } from './decider.ts'
import type { OrderEvent } from './event.ts'
import { createHonestWorld, type Task, type WorldPlan } from './honest-world.fixture.ts'
import type { OrderRefusal } from './refusal.ts'
import type { Order, OrderState } from './state.ts'

const { decide, evolve } = orderDecider
const cancel: LaterCommand = {
  type: 'cancelOrder',
  viewer: { kind: 'customer', customerId: 'CU-ADA' },
  reason: 'changed my mind',
}
const shipmentIds = ['O-1-1', 'O-1-2', 'O-1-3', 'O-1-4', 'O-9-1'] as const
const everything: readonly LaterCommand[] = [
  cancel,
  { type: 'prepareShipments', allocations },
  { type: 'rejectForStock' },
  { type: 'endForLapse' },
  { type: 'recordPaymentDeclined', reason: 'other' },
  { type: 'recordPosted', postingId: 'ERP-1' },
  ...['PAY-1', 'PAY-2'].flatMap((paymentId): LaterCommand[] => [
    { type: 'recordPaymentAuthorised', paymentId },
    { type: 'recordCaptured', paymentId },
    { type: 'recordVoided', paymentId },
  ]),
  ...shipmentIds.flatMap((shipmentId): LaterCommand[] => [
    { type: 'recordShipped', shipmentId, ...notice },
    { type: 'recordPickCancelled', shipmentId },
    { type: 'recordPickCancellationRefused', shipmentId },
  ]),
]

describe('an order among liars', () => {
  it('keeps its promises whatever is told, in any order, any number of times', () => {
    const tales = fc.array(fc.constantFrom(...everything), { maxLength: 60 })
    const { prepared, cancelAsked } = stories
    // Where the most can go wrong more often than elsewhere.
    const beginnings = fc.oneof(
      fc.constantFrom(prepared, cancelAsked),
      fc.constantFrom(...Object.values(stories)),
    )
    fc.assert(
      fc.property(beginnings, tales, (beginning, tale) => {
        const book = openBook(beginning)
        for (const command of tale) {
          book.tell(command)
          expectSound(book.state(), book.events)
          expect(book.tell(command)).toHaveLength(0)
        }
        expect(fold(book.events)).toEqual(book.state())
      }),
      { numRuns: 1_500 },
    )
  })
})

describe('an order in an honest world', () => {
  const plans = fc.record<WorldPlan>({
    card: fc.constantFrom('good' as const, 'good' as const, 'good' as const, 'bad' as const),
    paysTwice: fc.boolean(),
    stock: fc.constantFrom('enough' as const, 'enough' as const, 'enough' as const, 'none' as const),
    oneParcel: fc.boolean(),
  })
  const dice = fc.infiniteStream(fc.nat(1_000_000))
  // At which steps the customer tries to cancel.
  const cancels = fc.array(fc.nat(30), { maxLength: 3 })

  it('ends sent and paid, or cancelled with no money held, and needs no person for it', () => {
    fc.assert(
      fc.property(plans, dice, cancels, (plan, chance, wishes) => {
        const book = openBook(stories.created)
        const refusals = runToEnd(book, { plan, chance, wishes })
        const order = placed(book.state())
        expectSound(order, book.events)
        expect(refusals.filter((refusal) => refusal.code !== 'TOO_EARLY')).toEqual([])
        expect(isAtRest(order)).toBe(true)
        expect(order.surplus.every((payment) => payment.status === 'VOIDED')).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })
})

interface Run {
  readonly plan: WorldPlan
  readonly chance: Iterator<number>
  /** At which steps the customer tries to cancel. */
  readonly wishes: readonly number[]
}

/** Everybody does what they must in an order of chance, some of it twice; what comes too early comes again. */
function runToEnd(book: Book, { plan, chance, wishes }: Run): readonly OrderRefusal[] {
  const react = createHonestWorld(plan)
  const roll = (sides: number): number => Number(chance.next().value) % sides
  const refusals: OrderRefusal[] = []
  // What somebody will do, and what they have done but we have not heard yet.
  const open: (Task | LaterCommand)[] = [...book.events.flatMap(react)]
  for (let step = 0; open.length > 0; step++) {
    invariant(step < 3_000, 'the story ends')
    if (wishes.includes(step)) open.push(cancel)
    const [next] = open.splice(roll(open.length), 1)
    if (!next) continue
    if (step < 200 && roll(4) === 0) open.push(next)
    const told = typeof next === 'function' ? { open: next(), refusals: [] } : tellOnce(book, next, react)
    open.push(...told.open)
    refusals.push(...told.refusals)
  }
  return refusals
}

interface Told {
  readonly open: readonly (Task | LaterCommand)[]
  readonly refusals: readonly OrderRefusal[]
}

function tellOnce(book: Book, command: LaterCommand, react: ReturnType<typeof createHonestWorld>): Told {
  const told = book.attempt(command)
  if (told.ok) return { open: told.value.flatMap(react), refusals: [] }
  const open = told.error.code === 'TOO_EARLY' ? [command] : []
  // A customer may ask too late; that is an answer, not a trouble.
  return { open, refusals: command.type === 'cancelOrder' ? [] : [told.error] }
}

function isAtRest(order: Order): boolean {
  switch (order.status) {
    case 'FULFILLED':
      return order.payment.status === 'CAPTURED' && order.postingId === 'ERP-1'
    case 'CANCELLED':
      return order.payment.status !== 'AUTHORISED'
    case 'CREATED':
    case 'PROCESSED':
    case 'PREPARED':
    case 'PARTLY_SHIPPED':
    case 'CANCELLATION_REQUESTED':
      return false
  }
}

function expectSound(state: OrderState, events: readonly OrderEvent[]): void {
  const order = placed(state)
  const count = (type: OrderEvent['type']): number => events.filter((event) => event.type === type).length
  expect(count('PaymentCaptured')).toBeLessThanOrEqual(1)
  expect(count('OrderFulfilled') + count('OrderCancelled')).toBeLessThanOrEqual(1)
  expect(order.timeline).toHaveLength(events.length)
  if (order.payment.status === 'CAPTURED') expect(order.status).toBe('FULFILLED')
  if (order.status === 'FULFILLED')
    expect(units(order, ['SHIPPED'])).toEqual(units(order, ['SHIPPED', 'PREPARED']))
  if (order.status === 'PREPARED' || order.status === 'PARTLY_SHIPPED' || order.status === 'FULFILLED') {
    expect(units(order, ['SHIPPED', 'PREPARED'])).toEqual({ L1: 2, L2: 1 })
  }
  if (order.status === 'CANCELLED') expect(units(order, ['SHIPPED', 'PREPARED'])).toEqual({})
}

function units(order: Order, statuses: readonly string[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {}
  for (const shipment of order.shipments) {
    if (!statuses.includes(shipment.status)) continue
    for (const { lineId, quantity } of shipment.lines) sums[lineId] = (sums[lineId] ?? 0) + quantity
  }
  return sums
}

interface Book {
  readonly events: readonly OrderEvent[]
  readonly state: () => OrderState
  readonly attempt: (command: LaterCommand) => ReturnType<typeof decide>
  readonly tell: (command: LaterCommand) => readonly OrderEvent[]
}

/** Everything that was recorded of Ada's order. */
function openBook(beginning: readonly OrderEvent[]): Book {
  const events: OrderEvent[] = [...beginning]
  let state = fold(events)
  const attempt: Book['attempt'] = (command) => {
    const decided = decide(state, command)
    if (!decided.ok) return decided
    events.push(...decided.value)
    state = decided.value.reduce(evolve, state)
    return decided
  }
  const tell: Book['tell'] = (command) => {
    const decided = attempt(command)
    return decided.ok ? decided.value : []
  }
  return { events, state: () => state, attempt, tell }
}

function placed(state: OrderState): Order {
  invariant(state.status !== 'NONE', 'the order was placed')
  return state
}
