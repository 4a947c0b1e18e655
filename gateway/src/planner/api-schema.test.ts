import { describe, expect, it } from '@jest/globals'
import { parse, printSchema } from 'graphql'
import { composed } from '../../test/fixture.ts'
import { apiDocument, buildApiSchema } from './api-schema.ts'

const none = parse('directive @edge on QUERY')

describe('the schema that clients see', () => {
  it('is the graph without federation and without what is inaccessible', () => {
    const supergraph = composed({
      a: {
        sdl: `
          "All there is."
          type Query { a(shown: Int, hidden: Int @inaccessible): A all: [Union] node: Node @deprecated(reason: "old") }
          type A implements Node & Secret @key(fields: "id") { id: ID! tagged: Int @tag(name: "x") b: B @inaccessible }
          type B @inaccessible { x: Int }
          interface Node { id: ID! }
          interface Secret @inaccessible { id: ID! }
          union Union = A | B
          enum E { ONE TWO @inaccessible }
          input I { shown: E hidden: Int @inaccessible }
          extend type Query { with(i: I): Int }
          scalar Url @specifiedBy(url: "https://url.spec.whatwg.org")`,
      },
      b: { sdl: 'type A @key(fields: "id") { id: ID! more: Url } scalar Url' },
    })
    const printed = printSchema(buildApiSchema(apiDocument(parse(supergraph), none)))
    expect(printed).not.toMatch(/join__|link__|inaccessible|hidden|Secret|type B|TWO|@tag|@key/)
    expect(printed).toContain('"""All there is."""\ntype Query {')
    expect(printed).toContain('a(shown: Int): A')
    expect(printed).toContain('node: Node @deprecated(reason: "old")')
    expect(printed).toContain('type A implements Node {')
    expect(printed).toContain('union Union = A')
    expect(printed).toContain('@specifiedBy')
    expect(printed).toContain('directive @edge on QUERY')
  })

  it('knows @inaccessible by whatever name it was imported', () => {
    const supergraph = `
      schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
        @link(url: "https://specs.apollo.dev/inaccessible/v0.2", import: [{ name: "@inaccessible", as: "@private" }])
        @link(url: "https://example.com/team/v1.0", import: ["@owner", "Team"]) { query: Query }
      directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
      directive @private on FIELD_DEFINITION
      directive @owner(by: Team) on FIELD_DEFINITION
      scalar link__Import
      enum Team { A }
      enum link__Purpose { EXECUTION }
      type Query { shown: Int @owner(by: A) hidden: Int @private }`
    const printed = printSchema(buildApiSchema(apiDocument(parse(supergraph), none)))
    expect(printed).toBe('directive @edge on QUERY\n\ntype Query {\n  shown: Int\n}')
  })
})
