import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type HttpFixture, openHttpFixture } from '../../test/http-fixture.ts'
import { shop } from '../../test/small-shop.ts'

let served: HttpFixture
beforeAll(async () => {
  served = await openHttpFixture(shop, {})
})
afterAll(async () => await served[Symbol.asyncDispose]())

async function messageOf(body: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const json = { 'content-type': 'application/json' }
  const { body: answer } = await served.send({ method: 'POST', headers: { ...json, ...headers }, body })
  return JSON.parse(JSON.stringify(answer)).errors[0].message
}

const two = JSON.stringify({ query: 'query A { __typename } query B { __typename }', operationName: 'C' })

describe('a refusal says what came, and where', () => {
  it.each([
    ['', 'Expected JSON in the body, got nothing.'],
    ['{"query":', 'It ends after 9 characters.'],
    ['{"query":\n "a" "b"}', "Expected ',' or '}' after property value at line 2 column 6."],
    ['query={x}', 'Unexpected token in "query={x}".'],
    [`{"query": "${'x'.repeat(99)}", "variables": none}`, 'Unexpected token in "iables\\": none}".'],
    ['7', 'got number.'],
    ['{"query": []}', 'Expected "query" to be of type string, got a list.'],
    [two, 'Expected "operationName" to be "A", "B", got "C".'],
    [two.replace('C', ''), 'Say in "operationName" which one: "A", "B".'],
  ])('%s: %s', async (body, expected) => {
    expect(await messageOf(body)).toContain(expected)
  })

  it('a content type or an encoding, short and escaped', async () => {
    const xml = { 'content-type': `text/xml; note="${'x'.repeat(100)}"` }
    expect(await messageOf('{}', xml)).toContain(`got "text/xml; note=\\"${'x'.repeat(23)}…".`)
    expect(await messageOf('{}', { 'content-encoding': 'zstd' })).toContain('got "zstd".')
  })
})
