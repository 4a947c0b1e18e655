import { hash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { openFixture } from '../../test/fixture.ts'
import { shop } from '../../test/small-shop.ts'
import { bodyOf } from '../answer-response.ts'

const document = '{ latest { id } }'
const documentId = `sha256:${hash('sha256', document)}`
const documents = new Map([[documentId, document]])

describe('trusted documents', () => {
  it('are the only ones run where ad hoc documents are off, and may be larger', async () => {
    const large = `{ ${'latest { id } '.repeat(90)} }`.concat(' '.repeat(10))
    const largeId = `sha256:${hash('sha256', large)}`
    await using fixture = await openFixture(shop, {
      documents: new Map([...documents, [largeId, large]]),
      adHocDocuments: false,
    })
    const { gateway } = fixture
    expect(bodyOf(await gateway.execute({ documentId }))).toMatchObject({
      data: { latest: [{ id: 'r1' }, {}, {}] },
    })
    expect((await gateway.execute({ documentId: largeId })).status).toBe(200)
    const refused = await gateway.execute({ query: document })
    expect(refused.status).toBe(403)
    expect(bodyOf(refused)).toMatchObject({ errors: [{ extensions: { code: 'DOCUMENT_REQUIRED' } }] })
    expect((await fixture.ask(large)).errors?.[0]?.extensions.code).toBe('DOCUMENT_REQUIRED')
  })

  it.each([
    'sha256:',
    `sha256:${'0'.repeat(64)}`,
    documentId.toUpperCase(),
    ` ${documentId}`,
    'latest',
    '__proto__',
  ])('are not found under "%s"', async (id) => {
    await using fixture = await openFixture(shop, { documents })
    const refused = await fixture.gateway.execute({ documentId: id })
    expect(refused).toMatchObject({ status: 404, legacyStatus: 404 })
    expect(bodyOf(refused)).toMatchObject({ errors: [{ extensions: { code: 'DOCUMENT_NOT_FOUND' } }] })
  })

  it('whose id is not their hash keep the gateway from starting', async () => {
    const opening = openFixture(shop, { documents: new Map([[documentId, `${document} `]]) })
    await expect(opening).rejects.toThrow(/to have the id sha256:/)
  })
})

describe('a schema that is not told', () => {
  const hidden = [
    '{ __schema { types { name } } }',
    '{ t: __type(name: "Product") { name } }',
    '{ latest { id } ...F } fragment F on Query { ... { __schema { types { name } } } }',
  ]
  it.each(hidden)('is not told by %s', async (query) => {
    await using fixture = await openFixture(shop, {
      introspection: false,
      documents: new Map([[`sha256:${hash('sha256', query)}`, query]]),
    })
    const code = 'INTROSPECTION_DISABLED'
    expect((await fixture.ask(query)).errors?.[0]?.extensions.code).toBe(code)
    const byId = await fixture.gateway.execute({ documentId: `sha256:${hash('sha256', query)}` })
    expect(bodyOf(byId).errors?.[0]?.extensions.code).toBe(code)
  })

  it('gives nothing away to who nearly guesses a name', async () => {
    await using fixture = await openFixture(shop, { introspection: false })
    const guesses = [
      '{ product { id } }',
      '{ products { nam } }',
      '{ prodcts { id } }',
      '{ products { reviews(firs: 1) { id } } }',
      '{ ... on Produc { id } }',
      '{ zzz }',
    ]
    const messages = await Promise.all(
      guesses.map(async (guess) => (await fixture.ask(guess)).errors?.[0]?.message),
    )
    expect(new Set(messages)).toEqual(
      new Set(['The document does not fit the schema. Check it against the published schema.']),
    )
    expect((await fixture.ask('{ __typename }')).data).toEqual({ __typename: 'Query' })
  })

  it('is helpful where it is told', async () => {
    await using fixture = await openFixture(shop)
    expect((await fixture.ask('{ prodcts { id } }')).errors?.[0]?.message).toContain('Did you mean')
  })
})
