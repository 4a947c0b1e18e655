import type { DemoCustomer } from './demo-data/customers.ts'

/** Who may sign in at the local issuer, and what their tokens allow. */
export interface DemoAccount {
  readonly who: string
  readonly email: string
  readonly password: string
  readonly sub: string
  readonly kind: 'customer' | 'operator' | 'kiosk'
  readonly scopes: readonly string[]
  /** Where a kiosk stands. */
  readonly locationId?: string
}

const PASSWORD = 'demo'
const OPERATOR: DemoAccount = {
  who: 'Operator',
  email: 'op@example.test',
  password: PASSWORD,
  sub: 'op-1',
  kind: 'operator',
  scopes: ['orders:read', 'orders:write', 'stock:read', 'stock:write', 'customers:read', 'catalog:write'],
}
const KIOSK: DemoAccount = {
  who: 'Kiosk',
  email: 'kiosk-mil@example.test',
  password: PASSWORD,
  sub: 'kiosk-mil-1',
  kind: 'kiosk',
  scopes: ['stock:read'],
  locationId: 'ST-MIL',
}

/** Everybody of the demo data, the operator and one kiosk; without demo data only the last two. */
export function demoAccounts(customers: readonly DemoCustomer[]): readonly DemoAccount[] {
  const shoppers = customers.map((customer) => ({
    who: 'Customer',
    email: customer.email,
    password: PASSWORD,
    sub: customer.customerId,
    kind: 'customer' as const,
    scopes: [],
  }))
  return [...shoppers, OPERATOR, KIOSK]
}

/** The ones a newcomer is shown. */
export function shownAccounts(accounts: readonly DemoAccount[]): readonly DemoAccount[] {
  const shoppers = accounts.filter((account) => account.kind === 'customer').slice(0, 3)
  return [...shoppers, ...accounts.filter((account) => account.kind !== 'customer')]
}
