import type { Envelope } from '@stoa/platform/event'
import type { Consumer, Delivery } from '@stoa/platform/event-bus'
import { Fault } from '@stoa/platform/fault'
import { type CommandPorts, newEvent } from '@stoa/platform/handle-command'
import { type IdempotencyKey, idempotencyRow, readIdempotent } from '@stoa/platform/idempotency'
import { invariant } from '@stoa/platform/invariant'
import { type News, type NewsEvent, newsEvents, newsOf } from './domain/news.ts'
import type { Messenger } from './ports.ts'
import { readFact } from './read-fact.ts'
import { contactOf, contactRow, loadContact, type OrderContact } from './store/order-contacts.ts'

export interface ReactionParts extends CommandPorts {
  readonly messenger: Messenger
}

/**
 * Tells customers what becomes of their orders, each news once. One consumer for all of it: the events of an order
 * are one stream, so it hears where to write before there is something to write.
 */
export function notify(parts: ReactionParts): Consumer {
  return {
    name: 'customer.notify',
    pattern: { 'detail-type': [...newsEvents] },
    handle: (event, delivery) => tell(parts, event, delivery),
  }
}

async function tell(parts: ReactionParts, event: Envelope, { signal }: Delivery): Promise<void> {
  const fact = readNews(event)
  const news = newsOf(fact)
  const key: IdempotencyKey = { scope: 'customer/notify', key: event.id, requestHash: event.id }
  if (!news || (await readIdempotent(parts.store, key))) return
  const contact = await rememberContact(parts, fact, event.at, news)
  const sent = await parts.messenger.send({
    messageKey: event.id,
    to: contact.email,
    language: contact.language,
    kind: news.kind,
    facts: { orderNumber: contact.orderNumber, ...news.facts },
    signal,
  })
  await record(parts, event, { news, key, messageId: sent.messageId })
}

function readNews(event: Envelope): NewsEvent {
  const fact = readFact(event)
  const types: readonly string[] = newsEvents
  invariant(types.includes(fact.type), `${event.type} was not asked for`)
  // One of the types of the list, just checked.
  return fact as NewsEvent
}

async function rememberContact(
  parts: ReactionParts,
  fact: NewsEvent,
  at: number,
  news: News,
): Promise<OrderContact> {
  if (fact.type === 'OrderCreated') {
    await parts.store.commit({ rows: [contactRow(fact.data, at)] })
    return contactOf(fact.data)
  }
  const contact = await loadContact(parts.store, news.orderId)
  if (contact) return contact
  // An order from an import is heard of by another consumer, which may be behind.
  throw new Fault('NOT_FOUND', `It is not known yet where to write about order ${news.orderId}.`, {
    retryable: true,
  })
}

interface Told {
  readonly news: News
  readonly key: IdempotencyKey
  readonly messageId: string
}

/** The fact and the mark that it was told, in one transaction. A lost race is told again, and recognised. */
async function record(parts: ReactionParts, cause: Envelope, { news, key, messageId }: Told): Promise<void> {
  const { correlationId, traceparent } = cause.meta
  const stream = `notification-${news.orderId}`
  const told = await parts.store.load(stream)
  const event = newEvent(
    parts,
    { type: 'NotificationSent', data: { orderId: news.orderId, kind: news.kind, messageId } },
    { correlationId, causationId: cause.id, ...(traceparent && { traceparent }) },
  )
  const committed = await parts.store.commit({
    appends: [{ stream, expectedVersion: told.length, events: [event] }],
    rows: [idempotencyRow(key, {}, parts.clock.now())],
  })
  if (!committed.ok)
    throw new Fault('CONFLICT', `${committed.error.on.join(', ')} changed meanwhile. Try again.`)
}
