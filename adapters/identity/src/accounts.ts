/** Somebody who may sign in. */
export interface Account {
  readonly sub: string
  readonly email: string
  /** Of the local issuer only: it guards demo data. */
  readonly password: string
  readonly kind: 'customer' | 'operator' | 'kiosk'
  /** What tokens of this account may at most allow. */
  readonly scopes: readonly string[]
  /** Where a kiosk stands; nobody else has one. */
  readonly locationId?: string
}

/** A head that signs people in: a public client, so it proves itself by PKCE. */
export interface AppClient {
  readonly clientId: string
  readonly redirectUris: readonly string[]
}

/** Loopback redirects of native applications may use any port (RFC 8252, section 7.3). */
export const defaultClients: readonly AppClient[] = [
  { clientId: 'stoa-head', redirectUris: ['http://127.0.0.1/callback', 'http://localhost/callback'] },
]
