import { describe, expect, it } from '@jest/globals'
import { composed } from '../../../test/fixture.ts'
import { NO_OVERRIDES } from '../overrides.ts'
import { openApartPlanner } from './plan-apart.ts'

/** Each item leads to two others, and to neither without what another subgraph knows. */
const items = composed({
  list: { sdl: 'type Query { top: Item } type Item @key(fields: "id") { id: ID! weight: Int }' },
  links: {
    sdl: `type Item @key(fields: "id") { id: ID! weight: Int @external
      left: Item @requires(fields: "weight") right: Item @requires(fields: "weight") }`,
  },
})

function nested(depth: number, innermost: string): string {
  const inside = Array.from({ length: depth }).reduce<string>(
    (inner) => `{ right { id } left ${inner} }`,
    innermost,
  )
  return `{ top ${inside} }`
}

describe('planning in parts', () => {
  it('finds a way through many requirements', () => {
    expect(openApartPlanner(items).plan(nested(4, '{ id }'), NO_OVERRIDES).node).toBeDefined()
  })

  it('gives up after some attempts for each field, however deep they nest', () => {
    const document = nested(20, '{ nowhere }')
    expect(() => openApartPlanner(items).plan(document, NO_OVERRIDES)).toThrow(
      'None was found in 348 attempts.',
    )
  })
})
