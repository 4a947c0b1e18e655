import type { NewEvent } from '@stoa/platform/event'
import type { Transaction } from '@stoa/platform/event-store'
import { Fault, toFault } from '@stoa/platform/fault'
import type { JsonObject } from '@stoa/platform/json'
import { parseEvent, type StoaEvent } from '@stoa/schema/events'
import { orderDecider } from './domain/order/decider.ts'
import { isOrderEvent, type OrderEvent } from './domain/order/event.ts'
import { totalsAddUp } from './domain/order/place-order.ts'
import type { OrderState } from './domain/order/state.ts'
import { orderNumberRow, orderRows, orderStream } from './store/order-rows.ts'

/** One past order as the facts that happened to it, oldest first, the first one OrderCreated. */
export interface OrderImport {
  readonly orderId: string
  readonly facts: readonly FactImport[]
}

export interface FactImport {
  /** When it happened, epoch milliseconds. */
  readonly at: number
  readonly event: StoaEvent
}

/** A past order as it will stand in the store; the order's own rules decide whether it can have been so. */
export function readPastOrder({ orderId, facts }: OrderImport): Transaction {
  const events = facts.map((fact, i) => readFact(orderId, fact, i))
  const state = events.reduce<OrderState>(
    (before, event, i) => follow(before, event, i),
    orderDecider.initial,
  )
  if (state.status === 'NONE') throw unusable(orderId, 'it has no facts')
  if (!totalsAddUp(state.placed)) throw unusable(orderId, 'its total is not its lines plus shipping')
  const numberRow = orderNumberRow(state.placed.orderNumber, orderId)
  const outcome = { state, events, version: events.length }
  return {
    appends: [{ stream: orderStream(orderId), expectedVersion: 0, events: events.map(toNewEvent) }],
    rows: [numberRow, ...orderRows(outcome, orderDecider.initial)],
  }
}

function readFact(orderId: string, { at, event }: FactImport, i: number): OrderEvent {
  const parsed = parseEvent(event)
  if (!parsed.ok) {
    const problems = parsed.error.map((problem) => `${problem.at}: ${problem.message}`)
    throw unusable(orderId, `fact ${i + 1} is not as declared: ${problems.join(' ')}`)
  }
  const fact = parsed.value
  if (!isOrderEvent(fact)) throw unusable(orderId, `fact ${i + 1}, ${fact.type}, is not an order’s`)
  if (fact.data.orderId !== orderId) throw unusable(orderId, `fact ${i + 1} is of ${fact.data.orderId}`)
  return { ...fact, at }
}

function follow(before: OrderState, event: OrderEvent, i: number): OrderState {
  try {
    return orderDecider.evolve(before, event)
  } catch (reason) {
    throw unusable(event.data.orderId, `fact ${i + 1}: ${toFault(reason).message}`)
  }
}

function toNewEvent({ type, data, at = 0 }: OrderEvent, i: number): NewEvent {
  const id = `import-${data.orderId}-${i + 1}`
  // Parsed above as schema/events.graphql declares it, whose types are plain JSON.
  return { id, type, at, data: data as unknown as JsonObject, meta: { correlationId: id, imported: true } }
}

function unusable(orderId: string, why: string): Fault {
  return new Fault('BAD_REQUEST', `Order ${orderId} cannot be imported: ${why}.`)
}
