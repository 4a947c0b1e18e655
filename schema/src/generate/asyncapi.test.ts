import { describe, expect, it } from '@jest/globals'
import { readEventRegistry } from '../event-registry.ts'
import { asyncApi } from './asyncapi.ts'
import { eventJsonSchema } from './event-json-schema.ts'

const registry = readEventRegistry()
const documents: Readonly<Record<string, unknown>> = {
  '': asyncApi(registry),
  './events.schema.json': eventJsonSchema(registry),
}

function refsIn(node: unknown): readonly string[] {
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([key, value]) =>
    key === '$ref' && typeof value === 'string' ? [value] : refsIn(value),
  )
}

function resolve(ref: string): unknown {
  const [file = '', pointer = ''] = ref.split('#')
  let node: unknown = documents[file]
  for (const step of pointer.split('/').slice(1)) node = new Map(Object.entries(node ?? {})).get(step)
  return node
}

describe('asyncApi', () => {
  it('has a channel, an operation and a message for each event', () => {
    const document = JSON.parse(JSON.stringify(asyncApi(registry)))
    const types = registry.entries.map(({ type }) => type)
    expect(document.asyncapi).toBe('3.0.0')
    expect(Object.keys(document.channels)).toEqual(types)
    expect(Object.keys(document.components.messages)).toEqual(types)
    expect(Object.keys(document.operations)).toEqual(types.map((type) => `send${type}`))
    expect(document.operations.sendOrderCreated).toMatchObject({ action: 'send', tags: [{ name: 'orders' }] })
  })

  it('points nowhere that does not exist', () => {
    const refs = refsIn(documents['']).concat(
      refsIn(documents['./events.schema.json']).map((ref) => `./events.schema.json${ref}`),
    )
    expect(refs.length).toBeGreaterThan(100)
    expect(refs.filter((ref) => resolve(ref) === undefined)).toEqual([])
  })
})
