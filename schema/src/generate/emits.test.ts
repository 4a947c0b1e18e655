import { describe, expect, it } from '@jest/globals'
import { joinTypeDefs } from '../sdl.ts'
import { checkEmits } from './emits.ts'

const declared = new Set(['OrderCreated'])

function problems(mutation: string): readonly string[] {
  const own = `type Mutation {\n  ${mutation}\n}\n`
  const sources = [{ name: 'orders', sdl: joinTypeDefs(own, 'subgraphs/orders/schema.graphql') }]
  return checkEmits(sources, declared).map(({ code, file, line }) => `${code} ${file}:${line}`)
}

describe('checkEmits', () => {
  it('accepts declared events and an empty list', () => {
    expect(problems('checkout: Int @emits(events: ["OrderCreated"])')).toEqual([])
    expect(problems('cartCreate: Int @emits(events: [])')).toEqual([])
  })

  it('finds an event that nobody declared, and a mutation that says nothing', () => {
    expect(problems('checkout: Int @emits(events: ["OrderMade"])')).toEqual([
      'EMITS_UNKNOWN subgraphs/orders/schema.graphql:2',
    ])
    expect(problems('checkout: Int')).toEqual(['EMITS_MISSING subgraphs/orders/schema.graphql:2'])
  })
})
