import { join } from 'node:path'
import { type Issuer, openIssuer } from '@stoa/adapter-identity/issuer'
import type { Clock } from '@stoa/platform/clock'
import type { Log } from '@stoa/platform/log'
import type { Random } from '@stoa/platform/random'
import { type DemoAccount, demoAccounts, shownAccounts } from './accounts.ts'
import type { DemoCustomer } from './demo-data/customers.ts'
import { openNear, type Ports } from './ports.ts'

/** Who may sign in, the issuer that says so, and a ready-made token for each demo role. */
export interface Identity extends AsyncDisposable {
  readonly issuer: Issuer
  /** The accounts a newcomer is shown. */
  readonly accounts: readonly DemoAccount[]
  readonly tokens: Readonly<Record<string, string>>
}

export interface IdentityParts {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Where the signing key is kept; absent: a fresh key with each start. */
  readonly folder?: string
  readonly customers: readonly DemoCustomer[]
  /** Where the issuer listens if it is free. Default: anywhere. */
  readonly ports?: Ports
}

/** A working day: long enough to try things, short enough not to be mistaken for a credential to keep. */
const DEMO_TOKEN_SECONDS = 12 * 3600

export async function openIdentity(parts: IdentityParts): Promise<Identity> {
  const accounts = demoAccounts(parts.customers)
  const { clock, random, log, folder, ports } = parts
  const keyFile = folder === undefined ? {} : { keyFile: join(folder, 'issuer-key.json') }
  const issuer = await openNear(ports?.issuer, (port) =>
    openIssuer({ clock, random, log, accounts, port, ...keyFile }),
  )
  const shown = shownAccounts(accounts)
  const minted = shown.map(async (account) => [tokenName(account), await mint(issuer, account)] as const)
  return {
    issuer,
    accounts: shown,
    tokens: Object.fromEntries(await Promise.all(minted)),
    [Symbol.asyncDispose]: () => issuer[Symbol.asyncDispose](),
  }
}

function mint(issuer: Issuer, account: DemoAccount): Promise<string> {
  const { sub, kind, scopes, locationId } = account
  const where = locationId === undefined ? {} : { locationId }
  return issuer.mintToken({ sub, kind, scopes, ...where, ttlSeconds: DEMO_TOKEN_SECONDS })
}

/** `ada`, `bo`, `cleo`, `operator`, `kiosk`. */
function tokenName(account: DemoAccount): string {
  return account.kind === 'customer' ? (account.email.split('@')[0] ?? account.sub) : account.kind
}
