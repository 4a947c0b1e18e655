import { loadDocuments } from '@stoa/schema/documents'
import { partnerHead, partnerKey } from '../partner.ts'
import { exampleVariables } from './examples.ts'

/** What the sandbox opens with: saved operations per head, and a token for everyone who may sign in. */
export interface SandboxConfig {
  readonly collections: readonly Collection[]
  readonly first: Operation
  readonly tokens: Readonly<Record<string, string>>
  readonly settings: object
}

interface Collection {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly createdAt: string
  readonly operations: readonly Operation[]
}

interface Operation {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly query: string
  /** JSON text, as the laboratory edits it. */
  readonly variables: string
  readonly headers: string
  readonly extensions: string
  readonly createdAt: string
}

interface Head {
  readonly head: string
  readonly name: string
  readonly as: Caller
  readonly note: string
}

/** One of the demo tokens by its name, or a partner's key, which opens documents by their id only. */
type Caller = { readonly token: 'ada' | 'kiosk' } | { readonly apiKey: string }

const HEADS: readonly Head[] = [
  { head: 'web', name: 'Web storefront', as: { token: 'ada' }, note: 'They run as ada.' },
  { head: 'mobile', name: 'Mobile app', as: { token: 'ada' }, note: 'They run as ada.' },
  { head: 'kiosk', name: 'In-store kiosk', as: { token: 'kiosk' }, note: 'They run as the kiosk in Milan.' },
  {
    head: partnerHead,
    name: 'Partner (Acme)',
    as: { apiKey: partnerKey },
    note: 'They run with the key of the partner, by the document id in the extensions: the sandbox sends the id in place of the text, so that changing the text changes nothing. A partner sees orders that were placed without signing in.',
  },
]
const CREATED = '2026-01-01T00:00:00.000Z'
const FIRST_QUERY = `# Three subgraphs in one answer: catalog, inventory, recommendation. Look at the plan, too.
query FirstLook {
  products(first: 3) {
    nodes {
      id
      name
      priceFrom { amount currency }
      variants(first: 2) {
        nodes { sku availability { availableToPromise status } }
      }
      alsoBought(first: 2) { name }
    }
  }
}
`

export function sandboxConfig(tokens: Readonly<Record<string, string>>): SandboxConfig {
  const first = operation('first-look', { name: 'FirstLook', text: FIRST_QUERY })
  return {
    collections: [
      {
        id: 'first-steps',
        name: 'First steps',
        description: 'Start here',
        createdAt: CREATED,
        operations: [first],
      },
      ...headCollections(),
    ],
    first,
    tokens,
    settings: {
      fetch: { credentials: 'same-origin' },
      subscriptions: { protocol: 'SSE' },
      introspection: { method: 'POST' },
    },
  }
}

function headCollections(): readonly Collection[] {
  const documents = [...loadDocuments()]
  return HEADS.map(({ head, name, as, note }) => ({
    id: `head-${head}`,
    name,
    description: `The trusted documents of ${name}. ${note} Where one asks for a cart, create it first and put its id into the variables.`,
    createdAt: CREATED,
    operations: documents
      .filter(([, document]) => document.head === head)
      .map(([documentId, { operationName, text }]) =>
        operation(`${head}-${operationName}`, { name: operationName, text, documentId, as }),
      ),
  }))
}

interface Source {
  readonly name: string
  readonly text: string
  readonly documentId?: string
  /** Absent: nobody. */
  readonly as?: Caller
}

function operation(id: string, { name, text, documentId, as }: Source): Operation {
  const isPartner = as !== undefined && 'apiKey' in as
  return {
    id,
    name,
    description: '',
    query: text,
    variables: JSON.stringify(exampleVariables(name), null, 2),
    headers: JSON.stringify({ ...credentials(as), 'x-include-query-plan': '1' }, null, 2),
    extensions: isPartner ? JSON.stringify({ documentId }, null, 2) : '',
    createdAt: CREATED,
  }
}

function credentials(as: Caller | undefined): object {
  if (!as) return {}
  return 'apiKey' in as ? { 'x-api-key': as.apiKey } : { authorization: `Bearer {{${as.token}}}` }
}
