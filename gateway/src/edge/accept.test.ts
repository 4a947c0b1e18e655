import { describe, expect, it } from '@jest/globals'
import { readAccept, refuseAccept } from './accept.ts'

const JSON_TYPE = 'application/json'
const GRAPH = 'application/graphql-response+json'

describe('the header Accept', () => {
  it.each([
    [undefined, JSON_TYPE],
    [' ', JSON_TYPE],
    ['*/*', JSON_TYPE],
    ['application/*;q=0.1', JSON_TYPE],
    [`${JSON_TYPE}, ${GRAPH}`, JSON_TYPE],
    [`${JSON_TYPE};q=0.5, ${GRAPH};charset=utf-8`, GRAPH],
    [`${JSON_TYPE}, text/plain, */*`, JSON_TYPE],
    [`*/*, ${JSON_TYPE};q=0`, GRAPH],
    ['*/*, application/*;q=0', undefined],
    [`${GRAPH};q=0`, undefined],
    [`${JSON_TYPE};q=nonsense`, undefined],
    ['image/png', undefined],
    [`${'image/png,'.repeat(20)}${JSON_TYPE}`, undefined],
  ])('%j takes a whole answer as %s', (accept, type) => {
    expect(readAccept(accept).type).toBe(type)
  })

  it.each([
    ['text/event-stream', true],
    ['Text/Event-Stream; q=0.1, application/json', true],
    ['text/event-stream;q=0', false],
    ['text/event-stream;q=0, application/json', false],
    ['*/*', false],
  ])('%j takes events: %s', (accept, events) => {
    expect(readAccept(accept).events).toBe(events)
  })

  it.each([
    ['multipart/mixed', true],
    ['multipart/mixed;incrementalSpec=v0.2, application/json', true],
    ['multipart/mixed;q=0.9, application/json', false],
    ['multipart/mixed;deferSpec=20220824', false],
    ['multipart/mixed;incrementalSpec=v0.3', false],
    ['multipart/mixed;q=0', false],
    ['*/*', false],
  ])('%j takes parts: %s', (accept, parts) => {
    expect(readAccept(accept).parts).toBe(parts)
  })

  it('is refused with what came, and with the form of parts that is spoken', () => {
    const { message = '' } = refuseAccept('multipart/mixed;deferSpec=20220824').error.errors[0] ?? {}
    expect(message).toContain(
      'multipart/mixed;incrementalSpec=v0.2, got "multipart/mixed;deferSpec=20220824".',
    )
  })
})
