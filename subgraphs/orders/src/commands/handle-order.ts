import type { Decider } from '@stoa/platform/decider'
import type { EventMeta } from '@stoa/platform/event'
import { type CommandOutcome, type CommandPorts, handleCommand } from '@stoa/platform/handle-command'
import type { IdempotencyKey, KeyReused } from '@stoa/platform/idempotency'
import { invariant } from '@stoa/platform/invariant'
import type { Result } from '@stoa/platform/result'
import { checkEvent } from '@stoa/schema/events'
import { type LaterCommand, type OrderCommand, orderDecider } from '../domain/order/decider.ts'
import type { OrderEvent } from '../domain/order/event.ts'
import type { OrderRefusal } from '../domain/order/refusal.ts'
import type { OrderState } from '../domain/order/state.ts'
import { orderRows, orderStream } from '../store/order-rows.ts'

export type OrderOutcome = CommandOutcome<OrderState, OrderEvent>

export interface OrderRequest {
  readonly orderId: string
  readonly command: LaterCommand
  readonly meta: EventMeta
  readonly idempotency: IdempotencyKey | undefined
}

/** One command to an order that is there: facts, snapshot, lists and idempotency record in one transaction. */
export function handleOrder(
  ports: CommandPorts,
  { orderId, command, meta, idempotency }: OrderRequest,
): Promise<Result<OrderOutcome, OrderRefusal | KeyReused>> {
  return handleCommand(ports, {
    stream: orderStream(orderId),
    decider: checkedDecider,
    command,
    meta,
    chain: 'stream',
    rows: orderRows,
    ...(idempotency && { idempotency }),
  })
}

/** The order's decider, whose facts are held against schema/events.graphql before anybody hears them. */
export const checkedDecider: Decider<OrderState, OrderCommand, OrderEvent, OrderRefusal> = {
  ...orderDecider,
  decide(state, command) {
    const decided = orderDecider.decide(state, command)
    if (decided.ok) decided.value.forEach(assertDeclared)
    return decided
  },
}

function assertDeclared({ type, data }: OrderEvent): void {
  const checked = checkEvent({ type, data })
  const problems = checked.ok ? [] : checked.error.map(({ at, message }) => `${at}: ${message}`)
  invariant(checked.ok, `${type} is as schema/events.graphql declares it: ${problems.join(' ')}`)
}
