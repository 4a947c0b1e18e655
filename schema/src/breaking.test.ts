import { describe, expect, it } from '@jest/globals'
import { findBreaking } from './breaking.ts'

const api = 'type Query { product(id: ID!): String name: String }'
const events =
  'input Event @oneOf { orderPosted: OrderPosted } input OrderPosted { orderId: String! note: String }'
const web = { 'sha256:0123456789abcdef': 'query WebProduct { product(id: 1) }' }
const released = { api, events, manifests: new Map([['web', web]]) }

describe('findBreaking', () => {
  it('lets additions pass', () => {
    const current = {
      api: api.replace('name:', 'price: Int name:'),
      events: events.replace('note:', 'by: String note:'),
    }
    expect(findBreaking(released, current)).toEqual([])
  })

  it('names what left the API, and the documents that ask for it', () => {
    const current = { api: 'type Query { name: String }', events }
    expect(findBreaking(released, current)).toEqual([
      { contract: 'api', message: 'Query.product was removed.' },
      { contract: 'web', message: expect.stringContaining('Cannot query field "product"') },
    ])
  })

  it('names an event that lost a field or gained one it must have', () => {
    const current = { api, events: events.replace('note: String', 'by: String!') }
    const contracts = findBreaking(released, current).map(
      ({ contract, message }) => `${contract}: ${message}`,
    )
    expect(contracts).toHaveLength(2)
    expect(contracts.every((line) => line.startsWith('events: '))).toBe(true)
  })
})
