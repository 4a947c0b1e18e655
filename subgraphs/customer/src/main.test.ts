import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type NotificationSimulator, openNotificationSimulator } from '@stoa/adapter-notification/simulator'
import { systemClock } from '@stoa/platform/clock'
import type { EventBus } from '@stoa/platform/event-bus'
import { openMemoryBus } from '@stoa/platform/event-bus.memory'
import type { EventStore } from '@stoa/platform/event-store'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import { silentLog } from '@stoa/platform/log'
import { seededRandom } from '@stoa/platform/random'
import type { Principal, Subgraph } from '@stoa/platform/subgraph'
import { type ImportCustomer, importCustomers } from './import.ts'
import { openCustomer } from './main.ts'

const milan = { name: 'Ada Conti', line1: 'Via Dante 1', postalCode: '20121', city: 'Milano', country: 'IT' }
const people: readonly ImportCustomer[] = [
  { customerId: 'CU-ADA', name: 'Ada Conti', email: 'ada@example.test', language: 'it', addresses: [milan] },
  { customerId: 'CU-BO', name: 'Bo Marsh', email: 'bo@example.test', language: 'en', addresses: [] },
]
const ada: Principal = { kind: 'customer', customerId: 'CU-ADA', scopes: [] }
const bo: Principal = { kind: 'customer', customerId: 'CU-BO', scopes: [] }
const cleo: Principal = { kind: 'customer', customerId: 'CU-CLEO', scopes: [] }
const operator: Principal = { kind: 'operator', operatorId: 'op-1', scopes: ['customers:read'] }
const nobody: Principal = { kind: 'anonymous' }

let store: EventStore
let bus: EventBus
let vendor: NotificationSimulator
let subgraph: Subgraph

beforeEach(async () => {
  const ports = { clock: systemClock, random: seededRandom(1), log: silentLog }
  store = openMemoryStore(ports)
  bus = openMemoryBus(ports)
  vendor = await openNotificationSimulator(ports)
  await importCustomers(store, people)
  subgraph = await openCustomer({ ...ports, store, bus, env: { NOTIFICATION_URL: vendor.url } })
})

afterEach(async () => {
  for (const open of [subgraph, vendor, bus, store]) await open[Symbol.asyncDispose]()
})

async function ask(principal: Principal, query: string, variables: object = {}): Promise<string> {
  const context = {
    principal,
    market: 'IT',
    language: 'it',
    correlationId: 'c-1',
    deadline: Number.MAX_SAFE_INTEGER,
  }
  const { data, errors } = await subgraph.execute({ query, variables: { ...variables }, context })
  const codes = errors?.map((error) => error.extensions?.['code'])
  return JSON.stringify(codes ? { codes } : data)
}

describe('a profile', () => {
  it('is for whoever it is about', async () => {
    expect(await ask(ada, '{ me { id name email addresses { addressId city } } }')).toBe(
      '{"me":{"id":"gid://customer/Customer/CU-ADA","name":"Ada Conti","email":"ada@example.test",' +
        '"addresses":[{"addressId":"A1","city":"Milano"}]}}',
    )
    expect(await ask(nobody, '{ me { name } }')).toBe('{"me":null}')
  })

  it('is for operators with the scope, and for nobody else', async () => {
    const query = '{ customer(customerId: "CU-ADA") { name } }'
    expect(await ask(operator, query)).toBe('{"customer":{"name":"Ada Conti"}}')
    expect(await ask(bo, query)).toBe('{"codes":["FORBIDDEN"]}')
    expect(await ask(nobody, query)).toBe('{"codes":["UNAUTHENTICATED"]}')
  })

  it('comes by a reference only to whoever may see it, and a page of them in one read', async () => {
    const query = 'query ($keys: [_Any!]!) { _entities(representations: $keys) { ... on Customer { name } } }'
    const keys = [
      { __typename: 'Customer', customerId: 'CU-ADA' },
      { __typename: 'Customer', id: 'gid://customer/Customer/CU-BO' },
    ]
    expect(await ask(ada, query, { keys })).toBe('{"_entities":[{"name":"Ada Conti"},null]}')
    expect(await ask(operator, query, { keys })).toBe(
      '{"_entities":[{"name":"Ada Conti"},{"name":"Bo Marsh"}]}',
    )
  })

  it('changes in what is given, at the version that was seen', async () => {
    const query = `mutation ($input: ProfileUpdateInput!) {
      profileUpdate(input: $input) {
        customer { name language marketingConsent version }
        userErrors { code ... on CustomerVersionConflict { currentVersion } }
      }
    }`
    const input = { language: 'DE-ch', marketingConsent: true, expectedVersion: 1 }
    expect(await ask(ada, query, { input })).toBe(
      '{"profileUpdate":{"customer":{"name":"Ada Conti","language":"de-CH","marketingConsent":true,"version":2},"userErrors":[]}}',
    )
    expect(await ask(ada, query, { input })).toBe(
      '{"profileUpdate":{"customer":null,"userErrors":[{"code":"VERSION_CONFLICT","currentVersion":2}]}}',
    )
    expect(await ask(nobody, query, { input })).toBe('{"codes":["UNAUTHENTICATED"]}')
  })
})

describe('an e-mail address', () => {
  const query = `mutation ($email: String!) {
    profileUpdate(input: { email: $email }) { customer { email } userErrors { code path } }
  }`

  it('belongs to one account, whatever its case, and is free once it is given up', async () => {
    expect(await ask(bo, query, { email: 'ADA@example.test' })).toContain('EMAIL_TAKEN')
    expect(await ask(ada, query, { email: 'ada.conti@example.test' })).toContain('ada.conti@example.test')
    expect(await ask(bo, query, { email: 'ADA@example.test' })).toContain('"email":"ADA@example.test"')
  })

  it.each([
    'ada',
    'ada@',
    'ada@example',
    '@example.test',
    'ada@example.test, bo@example.test',
    'a b@example.test',
  ])('is not "%s"', async (email) => {
    expect(await ask(ada, query, { email })).toContain('{"code":"INVALID_PROFILE","path":["email"]}')
  })
})

describe('somebody who signs in for the first time', () => {
  const query = `mutation { customerRegister(input: { name: "Cleo Brunner", email: "cleo@example.test" }) {
    customer { customerId language addresses { city } } userErrors { code }
  } }`

  it('makes a profile once, and the fact holds nothing about them', async () => {
    expect(await ask(cleo, '{ me { name } }')).toBe('{"me":null}')
    expect(await ask(cleo, query)).toBe(
      '{"customerRegister":{"customer":{"customerId":"CU-CLEO","language":"it","addresses":[]},"userErrors":[]}}',
    )
    expect(await ask(cleo, query)).toContain('ALREADY_REGISTERED')
    expect(await store.load('customer-CU-CLEO')).toMatchObject([
      { type: 'CustomerRegistered', data: { customerId: 'CU-CLEO' } },
    ])
  })
})

describe('an address command', () => {
  const query = `mutation ($input: AddressAddInput!) {
    addressAdd(input: $input) { address { addressId postalCode } customer { version } userErrors { code path } }
  }`

  it('asked again with its key answers the same address, and refuses the key for another', async () => {
    const input = { address: milan, idempotencyKey: 'k-1' }
    const first = await ask(ada, query, { input })
    expect(first).toContain('"addressId":"A2"')
    expect(await ask(ada, query, { input })).toBe(first)
    const other = { ...input, address: { ...milan, city: 'Monza' } }
    expect(await ask(ada, query, { input: other })).toContain('IDEMPOTENCY_KEY_REUSED')
  })

  it('ten at once adds ten', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => ask(ada, query, { input: { address: milan } })),
    )
    expect(new Set(answers).size).toBe(10)
    const facts = await store.load('customer-CU-ADA')
    expect(facts.map((fact) => fact.type)).toEqual(Array(10).fill('CustomerAddressesChanged'))
  })

  it('says what is wrong and where', async () => {
    const input = { address: { ...milan, postalCode: 'x', city: '' } }
    expect(await ask(ada, query, { input })).toContain(
      '"userErrors":[{"code":"INVALID_ADDRESS","path":["address","postalCode"]},' +
        '{"code":"INVALID_ADDRESS","path":["address","city"]}]',
    )
  })

  it('removes and replaces', async () => {
    const change = `mutation ($address: CustomerAddressInput!) {
      addressUpdate(input: { addressId: "A1", address: $address }) { address { city } }
      addressRemove(input: { addressId: "A1" }) { customer { addresses { city } } }
    }`
    expect(await ask(ada, change, { address: { ...milan, city: 'Monza' } })).toBe(
      '{"addressUpdate":{"address":{"city":"Monza"}},"addressRemove":{"customer":{"addresses":[]}}}',
    )
  })
})

describe('an import', () => {
  it('takes in who is missing, and refuses all when anything is wrong', async () => {
    const [first] = people
    expect(await importCustomers(store, people)).toEqual({ customers: 0, skipped: 2 })
    const wrong = { ...first, customerId: 'CU-X', email: 'nowhere', name: '', language: 'it', addresses: [] }
    await expect(importCustomers(store, [wrong])).rejects.toThrow(/2 problems/)
  })
})

it('a subgraph without its variables says which', async () => {
  const ports = { clock: systemClock, random: seededRandom(1), log: silentLog, store, bus }
  await expect(openCustomer({ ...ports, env: { NOTIFICATION_URL: 'no url' } })).rejects.toThrow(
    /NOTIFICATION_URL/,
  )
})
