import type { EventMeta } from '@stoa/platform/event'
import { rowName } from '@stoa/platform/event-store'
import { Fault } from '@stoa/platform/fault'
import { type CommandPorts, newEvent } from '@stoa/platform/handle-command'
import {
  type IdempotencyKey,
  idempotencyRow,
  type KeyReused,
  readIdempotent,
} from '@stoa/platform/idempotency'
import { err, ok, type Result } from '@stoa/platform/result'
import type { RowWrite } from '@stoa/platform/table-store'
import type { CustomerDecision, CustomerRefusal } from '../domain/customer.ts'
import { customerRow, emailKey, emailRow, loadCustomers, type StoredCustomer } from './customer-rows.ts'

export interface ChangeRequest {
  readonly customerId: string
  readonly decide: (now: StoredCustomer | undefined) => Result<CustomerDecision, readonly ChangeRefusal[]>
  readonly meta: EventMeta
  /** Same key, same answer, one effect. */
  readonly idempotency?: IdempotencyKey
}

export type ChangeRefusal = CustomerRefusal | VersionConflict | KeyReused

export interface VersionConflict {
  readonly code: 'VERSION_CONFLICT'
  readonly message: string
  readonly path: readonly string[]
  readonly currentVersion: number
}

export interface Changed extends StoredCustomer {
  /** The address the command added or replaced; the same again when it is asked again. */
  readonly addressId?: string
}

type Outcome = Pick<Changed, 'addressId'>

/** Tries to win a race this often before saying CONFLICT. */
const MAX_TRIES = 12

/** Load, decide, then write the row, its facts and the idempotency record in one transaction; again on conflict. */
export async function changeCustomer(
  ports: CommandPorts,
  request: ChangeRequest,
): Promise<Result<Changed, readonly ChangeRefusal[]>> {
  for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
    const answered = await readIdempotent<Outcome>(ports.store, request.idempotency)
    if (answered && !answered.ok) return err([answered.error])
    const [now] = await loadCustomers(ports.store, [request.customerId])
    if (answered && now) return ok({ ...now, ...answered.value })
    const decided = request.decide(now)
    if (!decided.ok) return decided
    const written = await write(ports, request, { now, decision: decided.value })
    if (written) return written
  }
  throw new Fault('CONFLICT', `${request.customerId} changed ${MAX_TRIES} times while we decided. Try again.`)
}

interface Step {
  readonly now: StoredCustomer | undefined
  readonly decision: CustomerDecision
}

/** What was written, the refusal of an e-mail that is taken, or undefined when somebody else was first. */
async function write(
  ports: CommandPorts,
  request: ChangeRequest,
  { now, decision }: Step,
): Promise<Result<Changed, readonly CustomerRefusal[]> | undefined> {
  const { customer, facts } = decision
  const outcome = { ...(decision.addressId !== undefined && { addressId: decision.addressId }) }
  const events = facts.map((fact) => newEvent(ports, fact, request.meta))
  const committed = await ports.store.commit({
    appends:
      events.length === 0
        ? []
        : [{ stream: `customer-${customer.customerId}`, expectedVersion: now?.customer.facts ?? 0, events }],
    rows: [
      customerRow(customer, now ? { version: now.version } : 'absent'),
      ...emailRows(now?.customer.email, customer),
      ...(request.idempotency ? [idempotencyRow(request.idempotency, outcome, ports.clock.now())] : []),
    ],
  })
  if (committed.ok) return ok({ customer, version: (now?.version ?? 0) + 1, ...outcome })
  const taken = committed.error.on.includes(rowName(emailKey(customer.email)))
  return taken ? err([emailTaken]) : undefined
}

/** Gives the old address free and takes the new one, in the same transaction as the profile. */
function emailRows(before: string | undefined, after: CustomerDecision['customer']): readonly RowWrite[] {
  if (before?.toLowerCase() === after.email.toLowerCase()) return []
  const taken = emailRow(after.email, after.customerId)
  return before === undefined ? [taken] : [taken, emailKey(before)]
}

const emailTaken: CustomerRefusal = {
  code: 'EMAIL_TAKEN',
  message: 'Another account has this e-mail address. Sign in there, or give another address.',
  path: ['email'],
}
