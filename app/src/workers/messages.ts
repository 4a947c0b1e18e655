import type { Issuer } from '@stoa/adapter-identity/issuer'

/** What a worker of the front is told when it starts: all that its gateway needs. */
export interface FrontTold {
  readonly port: number
  /** How many ports it may try, from that one on. */
  readonly tries: number
  readonly supergraph: string
  readonly subgraphs: readonly { readonly name: string; readonly url: string }[]
  /** Signs the context between gateway and subgraphs. */
  readonly secret: string
  readonly issuer: { readonly url: string; readonly jwks: ReturnType<Issuer['jwks']> }
  /** Where pages, webhooks and live streams are answered. */
  readonly edgePort: number
}

export interface FrontFacts {
  readonly url: string
  readonly port: number
  /** Ports that were asked for and taken by somebody else. */
  readonly busy: readonly number[]
}
