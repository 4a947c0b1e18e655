import type { Principal } from '@stoa/platform/subgraph'

/** A person's data is for themselves, and for operators with the scope. */
export function maySee(principal: Principal, customerId: string): boolean {
  switch (principal.kind) {
    case 'customer':
      return principal.customerId === customerId
    case 'operator':
      return principal.scopes.includes('customers:read')
    case 'anonymous':
    case 'kiosk':
    case 'partner':
      return false
  }
}
