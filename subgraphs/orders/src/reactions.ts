import type { Envelope } from '@stoa/platform/event'
import type { Consumer, EventBus } from '@stoa/platform/event-bus'
import { Fault } from '@stoa/platform/fault'
import type { CommandPorts } from '@stoa/platform/handle-command'
import { subscribeAll } from '@stoa/platform/subscribe-all'
import { parseEvent, type StoaEvent } from '@stoa/schema/events'
import { handleOrder } from './commands/handle-order.ts'
import type { Ledger, Payments } from './ports.ts'
import { createLedgerReactions } from './reactions/ledger.ts'
import { createPaymentReactions } from './reactions/payment.ts'
import type { FollowUp, Reaction } from './reactions/reaction.ts'
import { stockReactions } from './reactions/stock.ts'

export interface ReactionParts extends CommandPorts {
  readonly bus: EventBus
  readonly payments: Payments
  readonly ledger: Ledger
}

/** Subscribes every reaction as a consumer of its own; none knows another, and one that waits holds up nobody. */
export async function startReactions(parts: ReactionParts): Promise<AsyncDisposable> {
  return await subscribeAll(
    parts.bus,
    orderReactions(parts).map((reaction) => toConsumer(parts, reaction)),
  )
}

/** All of them; docs/order-saga.md is held against this list. */
export function orderReactions(
  parts: Pick<ReactionParts, 'payments' | 'ledger' | 'store'>,
): readonly Reaction[] {
  return [...createPaymentReactions(parts.payments), ...stockReactions, ...createLedgerReactions(parts)]
}

function toConsumer(ports: CommandPorts, { name, pattern, toCommand }: Reaction): Consumer {
  return {
    name,
    pattern,
    async handle(envelope, { signal }) {
      const followUp = await toCommand(read(envelope), signal)
      if (followUp) await tell(ports, { name, envelope, ...followUp })
    },
  }
}

interface Telling extends FollowUp {
  readonly name: string
  readonly envelope: Envelope
}

async function tell(ports: CommandPorts, { name, envelope, orderId, command }: Telling): Promise<void> {
  const { id, meta } = envelope
  const done = await handleOrder(ports, {
    orderId,
    command,
    meta: { ...meta, causationId: id },
    idempotency: { scope: name, key: id, requestHash: id },
  })
  if (!done.ok) throw refused(name, done.error)
}

/** Too early comes again by itself; anything else stays as wrong as it is, and waits for a person as a dead letter. */
function refused(
  name: string,
  { code, message }: { readonly code: string; readonly message: string },
): Fault {
  return new Fault(code === 'TOO_EARLY' ? 'CONFLICT' : 'BAD_REQUEST', `${name}: ${code}: ${message}`)
}

function read(envelope: Envelope): StoaEvent {
  const parsed = parseEvent(envelope)
  if (parsed.ok) return parsed.value
  const problems = parsed.error.map(({ at, message }) => `${at}: ${message}`).join(' ')
  throw new Fault('BAD_REQUEST', `${envelope.type} ${envelope.id} is not as declared: ${problems}`)
}
