import type { OrderCreated, StoaEvent } from '@stoa/schema/events'
import { factsOf, type OrderFacts } from './order-facts.ts'

/** How a past order ended, or where it stands; every state there is. */
export const orderEndings = [
  'created',
  'declined',
  'processed',
  'noStock',
  'prepared',
  'partlyShipped',
  'cancelledEarly',
  'cancelledLate',
  'cancelAsked',
  'cancelRefused',
  'shippedUnposted',
  'fulfilled',
] as const
export type OrderEnding = (typeof orderEndings)[number]

/** The facts up to where the order stands, in order. One that has a single line cannot be shipped in parts. */
export function factsUntil(ending: OrderEnding, created: OrderCreated): readonly StoaEvent[] {
  const possible = ending === 'partlyShipped' && created.lines.length === 1 ? 'prepared' : ending
  return CHAPTERS[possible](factsOf(created))
}

const CHAPTERS: Readonly<Record<OrderEnding, (fact: OrderFacts) => readonly StoaEvent[]>> = {
  created: (fact) => [fact.created],
  declined: (fact) => [fact.created, fact.declined, fact.cancelled('PAYMENT_DECLINED', false)],
  processed: paid,
  noStock: (fact) => [...paid(fact), fact.cancelled('NO_STOCK', true), fact.voided],
  prepared,
  partlyShipped: (fact) => [...paid(fact), fact.preparedPart(0), fact.preparedPart(1), fact.shippedPart(0)],
  cancelledEarly: (fact) => [...paid(fact), fact.cancelled('CUSTOMER', true), fact.voided],
  cancelledLate: (fact) => [...cancelAsked(fact), fact.cancelled('CUSTOMER', true), fact.voided],
  cancelAsked,
  cancelRefused: (fact) => [...cancelAsked(fact), fact.cancelRefused, ...shipped(fact)],
  shippedUnposted: (fact) => [...prepared(fact), ...shipped(fact)],
  fulfilled: (fact) => [...prepared(fact), ...shipped(fact), fact.posted],
}

function paid(fact: OrderFacts): readonly StoaEvent[] {
  return [fact.created, fact.processed]
}

function prepared(fact: OrderFacts): readonly StoaEvent[] {
  return [...paid(fact), fact.prepared]
}

function cancelAsked(fact: OrderFacts): readonly StoaEvent[] {
  return [...prepared(fact), fact.cancelAsked]
}

function shipped(fact: OrderFacts): readonly StoaEvent[] {
  return [fact.shipped, fact.fulfilled, fact.captured]
}
