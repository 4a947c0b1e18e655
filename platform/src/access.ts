import { Fault } from './fault.ts'
import type { Principal } from './subgraph.ts'

/** Refuses unless the principal holds the scope (`stock:write`, `orders:read`). */
export function requireScope(principal: Principal, scope: string): void {
  if (principal.kind !== 'anonymous' && principal.scopes.includes(scope)) return
  if (principal.kind === 'anonymous')
    throw new Fault('UNAUTHENTICATED', `Sign in first: this needs the scope "${scope}".`)
  throw new Fault(
    'FORBIDDEN',
    `This needs the scope "${scope}", which the ${principal.kind} who asks does not have.`,
  )
}

/** The customer who asks, or a fault: somebody's own data is only for them. */
export function requireCustomer(principal: Principal): string {
  if (principal.kind === 'customer') return principal.customerId
  throw new Fault('UNAUTHENTICATED', 'Sign in as a customer first: this belongs to a customer.')
}

/** One word for who asks, to keep one caller's idempotency keys apart from another's. */
export function principalKey(principal: Principal): string {
  switch (principal.kind) {
    case 'anonymous':
      return 'anonymous'
    case 'customer':
      return `customer:${principal.customerId}`
    case 'operator':
      return `operator:${principal.operatorId}`
    case 'kiosk':
      return `kiosk:${principal.deviceId}`
    case 'partner':
      return `partner:${principal.partnerId}`
  }
}
