import { loadDocuments } from '@stoa/schema/documents'
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
  /** One of the demo tokens by its name. */
  readonly token: 'ada' | 'kiosk' | 'operator'
  readonly note: string
}

const HEADS: readonly Head[] = [
  { head: 'web', name: 'Web storefront', token: 'ada', note: 'They run as ada.' },
  { head: 'mobile', name: 'Mobile app', token: 'ada', note: 'They run as ada.' },
  { head: 'kiosk', name: 'In-store kiosk', token: 'kiosk', note: 'They run as the kiosk in Milan.' },
  {
    head: 'partner-acme',
    name: 'Partner (Acme)',
    token: 'operator',
    note: 'They run as the operator here: the key of a partner runs documents by id only, never by text.',
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
  const first = operation('first-look', { name: 'FirstLook', text: FIRST_QUERY, token: undefined })
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
  const documents = [...loadDocuments().values()]
  return HEADS.map(({ head, name, token, note }) => ({
    id: `head-${head}`,
    name,
    description: `The trusted documents of ${name}. ${note} Where one asks for a cart, create it first and put its id into the variables.`,
    createdAt: CREATED,
    operations: documents
      .filter((document) => document.head === head)
      .map((document) =>
        operation(`${head}-${document.operationName}`, {
          name: document.operationName,
          text: document.text,
          token,
        }),
      ),
  }))
}

function operation(
  id: string,
  source: { readonly name: string; readonly text: string; readonly token: string | undefined },
): Operation {
  const authorization = source.token === undefined ? {} : { authorization: `Bearer {{${source.token}}}` }
  const headers = { ...authorization, 'x-include-query-plan': '1' }
  return {
    id,
    name: source.name,
    description: '',
    query: source.text,
    variables: JSON.stringify(exampleVariables(source.name), null, 2),
    headers: JSON.stringify(headers, null, 2),
    extensions: '',
    createdAt: CREATED,
  }
}
