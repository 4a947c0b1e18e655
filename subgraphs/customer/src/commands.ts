import { createHash } from 'node:crypto'
import { requireCustomer } from '@stoa/platform/access'
import type { CommandPorts } from '@stoa/platform/handle-command'
import type { IdempotencyKey } from '@stoa/platform/idempotency'
import { err, type Result } from '@stoa/platform/result'
import type { RequestContext } from '@stoa/platform/subgraph'
import type { Customer, CustomerDecision, CustomerRefusal } from './domain/customer.ts'
import {
  type Changed,
  type ChangeRefusal,
  changeCustomer,
  type VersionConflict,
} from './store/change-customer.ts'
import type { StoredCustomer } from './store/customer-rows.ts'

/** What every command's input may hold besides its own. */
export interface CommandInput {
  readonly expectedVersion?: number | null
  readonly idempotencyKey?: string | null
}

export interface Command {
  /** The mutation's name: keys of one are apart from keys of another. */
  readonly name: string
  readonly input: CommandInput
  readonly request: RequestContext
}

export type Outcome = Result<Changed, readonly ChangeRefusal[]>

/** Changes the profile of the customer who asks, and only theirs. */
export async function changeOwn(
  ports: CommandPorts,
  command: Command,
  decide: (now: Customer) => Result<CustomerDecision, readonly CustomerRefusal[]>,
): Promise<Outcome> {
  return await runCommand(ports, command, (now, customerId) => {
    if (!now) return err([notRegistered(customerId)])
    const conflict = checkVersion(command.input.expectedVersion, now)
    return conflict ? err([conflict]) : decide(now.customer)
  })
}

/** As `changeOwn`, also where there is no profile yet. */
export async function runCommand(
  ports: CommandPorts,
  command: Command,
  decide: (
    now: StoredCustomer | undefined,
    customerId: string,
  ) => Result<CustomerDecision, readonly ChangeRefusal[]>,
): Promise<Outcome> {
  const { principal, correlationId, traceparent } = command.request
  const customerId = requireCustomer(principal)
  const idempotency = idempotencyOf(command, customerId)
  return await changeCustomer(ports, {
    customerId,
    decide: (now) => decide(now, customerId),
    meta: { correlationId, ...(traceparent && { traceparent }) },
    ...(idempotency && { idempotency }),
  })
}

function checkVersion(expected: number | null | undefined, now: StoredCustomer): VersionConflict | undefined {
  if (expected === null || expected === undefined || expected === now.version) return undefined
  const message = `Expected version ${expected}, but the profile is at version ${now.version}. Read it again and decide anew.`
  return { code: 'VERSION_CONFLICT', message, path: ['expectedVersion'], currentVersion: now.version }
}

function idempotencyOf({ name, input, request }: Command, customerId: string): IdempotencyKey | undefined {
  const { idempotencyKey, ...body } = input
  const key = request.idempotencyKey ?? idempotencyKey
  if (!key) return undefined
  const requestHash = createHash('sha256').update(JSON.stringify(body)).digest('base64url')
  return { scope: `customer:${customerId}/${name}`, key, requestHash }
}

function notRegistered(customerId: string): CustomerRefusal {
  const message = `${customerId} has no profile yet. Make one with customerRegister.`
  return { code: 'CUSTOMER_NOT_FOUND', message }
}
