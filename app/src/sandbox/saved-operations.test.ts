import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { readApi } from '@stoa/schema/supergraph'
import { buildSchema, type DocumentNode, type GraphQLSchema, getOperationAST, parse, validate } from 'graphql'
import { getVariableValues } from 'graphql/execution/values.js'
import { generateDemoData } from '../demo-data/generate.ts'
import { openShop, type Shop } from '../shop.ts'
import { sandboxConfig } from './collections.ts'

const schema: GraphQLSchema = buildSchema(readApi())
const saved = sandboxConfig({}).collections.flatMap(({ operations }) =>
  operations.map((operation) => ({ ...operation, document: parse(operation.query) })),
)
type Saved = (typeof saved)[number]
const data = generateDemoData({ scale: 1, seed: 42 })

let shop: Shop
beforeAll(async () => {
  const parts = { clock: systemClock, random: systemRandom, log: silentLog, port: 0, env: {} }
  shop = await openShop({ ...parts, data })
})
afterAll(async () => await shop[Symbol.asyncDispose]())

function kindOf(document: DocumentNode): string | undefined {
  return getOperationAST(document)?.operation
}

/** The headers as the sandbox sends them: `{{name}}` stands for a token. */
function headersOf({ headers }: Saved, tokens: Readonly<Record<string, string>>): Record<string, string> {
  return JSON.parse(headers.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => tokens[name] ?? `no ${name}`))
}

/** As assets/sandbox.js sends it: the document id in the extensions goes in place of the text. */
function bodyOf({ query, variables, extensions }: Saved): object {
  const { documentId } = JSON.parse(extensions || '{}')
  return { ...(documentId === undefined ? { query } : { documentId }), variables: JSON.parse(variables) }
}

async function run(operation: Saved): Promise<{ readonly text: string; readonly empty: boolean }> {
  const headers = headersOf(operation, shop.edge.identity.tokens)
  const response = await fetch(`${shop.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(bodyOf(operation)),
  })
  const text = await response.text()
  const answer = JSON.parse(text)
  return { text, empty: Object.values(answer.data ?? { nothing: null }).some((root) => root === null) }
}

describe('the saved operations', () => {
  it('begin with a first look, and there are some for every head', () => {
    const { collections, first } = sandboxConfig({})
    expect(collections.map(({ operations }) => operations.length > 0)).toEqual([true, true, true, true, true])
    expect(first).toBe(collections[0]?.operations[0])
    expect(new Set(saved.map(({ id }) => id)).size).toBe(saved.length)
  })

  it.each(saved)('$name is valid, and its example variables are what it asks for', (operation) => {
    expect(validate(schema, operation.document)).toEqual([])
    const definitions = getOperationAST(operation.document)?.variableDefinitions ?? []
    const variables: Record<string, unknown> = JSON.parse(operation.variables)
    const { errors } = getVariableValues(schema, definitions, variables)
    expect(errors).toBeUndefined()
    const asked = definitions.map(({ variable }) => variable.name.value)
    expect(Object.keys(variables).filter((name) => !asked.includes(name))).toEqual([])
  })

  it('of the partner go by id with its key, for its text is refused', async () => {
    const feed = saved.find(({ name }) => name === 'AcmeProductFeed') ?? nothing('AcmeProductFeed')
    expect(headersOf(feed, {})).toMatchObject({ 'x-api-key': 'pk_demo_partner' })
    expect((await run({ ...feed, extensions: '' })).text).toContain('DOCUMENT_REQUIRED')
    expect((await run(feed)).text).not.toContain('"errors"')
  })

  it('carry the token of somebody who may sign in', () => {
    const tokens = shop.edge.identity.tokens
    const all = saved.map((operation) => headersOf(operation, tokens)['authorization'] ?? '')
    expect(all.filter((header) => header.startsWith('Bearer no '))).toEqual([])
  })

  it('speak of goods, places and orders that the demo data has', () => {
    const known = new Set<unknown>([
      ...data.products.flatMap(({ handle, productId, variants }) => [
        ...[handle, productId, ...variants.map(({ sku }) => sku)],
      ]),
      ...data.locations.map(({ locationId }) => locationId),
      ...data.categories.map(({ handle }) => handle),
      ...data.orders.map(({ orderId }) => `gid://orders/Order/${orderId}`),
    ])
    const names = ['sku', 'handle', 'productId', 'locationId', 'category', 'orderId']
    const used = saved.flatMap(({ name, variables }) => {
      const found: string[] = []
      JSON.parse(variables, (key, value) => {
        const isOrder = key === 'id' && String(value).startsWith('gid://orders/Order/O-')
        if (names.includes(key) || isOrder) found.push(value)
        return value
      })
      return found.map((value) => ({ name, value }))
    })
    expect(used.length).toBeGreaterThan(10)
    expect(used.filter(({ value }) => !known.has(value))).toEqual([])
  })
})

describe('a saved query', () => {
  const queries = saved.filter(({ document }) => kindOf(document) === 'query')

  it.each(queries)('$name is answered by the demo shop', async (operation) => {
    const { text, empty } = await run(operation)
    expect(text).not.toContain('"errors"')
    // No cart, no order of a guest is there before somebody made one: its id is for the reader to put in.
    expect(empty).toBe(operation.variables.includes('put-the-id-of-'))
  })
})

describe('a saved mutation', () => {
  it('creates a cart, and cancels the order that may be cancelled', async () => {
    const named = (name: string): Saved => saved.find((operation) => operation.name === name) ?? nothing(name)
    expect((await run(named('WebCartCreate'))).text).toContain('"userErrors":[]')
    expect((await run(named('KioskCartCreate'))).text).toContain('"userErrors":[]')
    expect((await run(named('WebAddressAdd'))).text).toContain('"userErrors":[]')
    expect((await run(named('WebOrderCancel'))).text).toContain('"userErrors":[]')
  })
})

function nothing(name: string): never {
  throw new Error(`Expected a saved operation ${name}, found none.`)
}
