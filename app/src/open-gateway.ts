import { createHash } from 'node:crypto'
import type { Issuer } from '@stoa/adapter-identity/issuer'
import { createGateway, type Gateway } from '@stoa/gateway/gateway'
import type { Clock } from '@stoa/platform/clock'
import type { Log } from '@stoa/platform/log'
import { defaultMarket, markets } from '@stoa/platform/market'
import type { Random } from '@stoa/platform/random'
import { loadDocuments } from '@stoa/schema/documents'
import type { Composed, GraphSource } from './compose-graph.ts'
import { partnerHead, partnerId, partnerKey } from './partner.ts'

export interface GatewayParts {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Whether documents are planned in a process of their own. Default false. */
  readonly isolatePlanner?: boolean
  readonly identity: { readonly issuer: Pick<Issuer, 'url' | 'jwks'> }
}

/** The gateway of the local shop: open to ad hoc documents and introspection, as a developer wants it. */
export function openGateway(
  parts: GatewayParts,
  composed: Pick<Composed, 'supergraph'>,
  sources: readonly Pick<GraphSource, 'name' | 'client'>[],
): Gateway {
  const { clock, random, log, identity, isolatePlanner = false } = parts
  const trusted = [...loadDocuments()]
  const partnerDocuments = trusted.filter(([, document]) => document.head === partnerHead).map(([id]) => id)
  return createGateway({
    supergraph: composed.supergraph,
    subgraphs: new Map(sources.map(({ name, client }) => [name, client])),
    clock,
    random,
    log,
    documents: new Map(trusted.map(([id, document]) => [id, document.text])),
    partners: [
      {
        partnerId,
        keyHashes: [createHash('sha256').update(partnerKey).digest('hex')],
        scopes: [],
        documentIds: new Set(partnerDocuments),
      },
    ],
    issuer: { issuer: identity.issuer.url, audience: 'stoa', jwks: identity.issuer.jwks() },
    markets,
    defaultMarket,
    introspection: true,
    exposePlans: 'header',
    isolatePlanner,
  })
}
