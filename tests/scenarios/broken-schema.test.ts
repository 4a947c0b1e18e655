import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts'
import { runToEnd } from '../support/shop-process.ts'

let copy: CheckoutCopy
let sound = ''
const schemaFile = (): string => join(copy.folder, 'subgraphs/orders/schema.graphql')

beforeAll(async () => {
  copy = await copyCheckout()
  sound = await readFile(schemaFile(), 'utf8')
})
afterAll(async () => await copy[Symbol.asyncDispose]())

/** Starts the copy with one line of the orders' schema changed; answers what it says and the line's number. */
async function startWith(
  line: string,
  broken: string,
): Promise<{ readonly stderr: string; readonly at: number }> {
  expect(sound).toContain(line)
  await writeFile(schemaFile(), sound.replace(line, broken))
  const entry = join(copy.folder, 'app/src/main.ts')
  const { code, stderr } = await runToEnd({ args: ['--port', '0', '--empty'], entry })
  expect(code).toBe(1)
  return { stderr, at: sound.slice(0, sound.indexOf(line)).split('\n').length }
}

describe('a subgraph whose schema is broken stops the start, by file and line', () => {
  it('when the text is no GraphQL', async () => {
    const { stderr, at } = await startWith('type Cart @key(fields: "id") {', 'type Cart @key(fields: "id") [')
    expect(stderr).toContain('BAD_SCHEMA')
    expect(stderr).toContain(`subgraphs/orders/schema.graphql:${at}`)
  })

  it('when a type is nowhere declared', async () => {
    const { stderr, at } = await startWith('  lines: [CartLine!]!', '  lines: [CartLien!]!')
    expect(stderr).toContain('BAD_SCHEMA')
    expect(stderr).toContain(`subgraphs/orders/schema.graphql:${at}`)
    expect(stderr).toContain('CartLien')
  })

  it('when the parts do not compose', async () => {
    const { stderr } = await startWith(
      'type Customer @key(fields: "customerId") {',
      'type Customer @key(fields: "nobody") {',
    )
    expect(stderr).toContain('BAD_SCHEMA')
    expect(stderr).toContain('subgraphs/orders/schema.graphql')
  })
})
