import { describe, expect, it } from '@jest/globals'
import { silentLog } from '@stoa/platform/log'
import { composed, openFixture } from '../test/fixture.ts'
import { shop } from '../test/small-shop.ts'
import { bodyOf } from './answer-response.ts'

describe('another supergraph', () => {
  it('is taken without a restart, and requests under way finish on the old one', async () => {
    const gate = Promise.withResolvers<void>()
    await using fixture = await openFixture(shop, {
      wrap: (_name, client) => ({
        execute: (request) => gate.promise.then(() => client.execute(request)),
      }),
    })
    const underWay = fixture.ask('{ products { name } }')
    fixture.gateway.swap(fixture.supergraph.replace('  products: [Product!]!', '  goods: [Product!]!'))
    gate.resolve()
    expect((await underWay).data).toEqual({ products: [{ name: 'Tee' }, { name: 'Mug' }] })
    expect((await fixture.ask('{ products { name } }')).errors?.[0]?.extensions.code).toBe('DOCUMENT_INVALID')
  })

  const bad: readonly (readonly [string, (supergraph: string) => string, RegExp])[] = [
    ['that is no SDL', () => 'type {', /Expected a composed supergraph in SDL/],
    ['that was not composed', () => 'type Query { a: Int }', /Compose it first/],
    [
      'with a subgraph nobody serves',
      () => composed({ ...shop, extra: { sdl: 'type Query { x: Int }' } }),
      /not configured here: extra/,
    ],
    [
      'whose types do not stand',
      (supergraph) => supergraph.replace('products: [Product!]!', 'products: [Nothing!]!'),
      /Nothing/,
    ],
  ]
  it.each(bad)('%s is refused with its reason, and the old one stays', async (_what, change, reason) => {
    await using fixture = await openFixture(shop)
    expect(() => fixture.gateway.swap(change(fixture.supergraph))).toThrow(reason)
    expect((await fixture.ask('{ products { name } }')).errors).toBeUndefined()
  })
})

describe('a document', () => {
  it('is prepared once, and asked for under each operation name on its own', async () => {
    await using fixture = await openFixture(shop)
    const query = 'query A { products { name } } query B { latest { id } }'
    for (const operationName of ['A', 'B', 'A']) {
      const body = bodyOf(await fixture.gateway.execute({ query, operationName }))
      expect(Object.keys(body.data ?? {})).toEqual([operationName === 'A' ? 'products' : 'latest'])
    }
  })
})

describe('a hook that authorises', () => {
  it('refuses an operation before anything is fetched', async () => {
    await using fixture = await openFixture(shop, {
      authorise: ({ kind, name }, principal) =>
        kind === 'mutation' && principal.kind === 'anonymous'
          ? [{ message: `Sign in for ${name}.`, extensions: { code: 'FORBIDDEN' } }]
          : [],
    })
    const { errors } = await fixture.ask('mutation Rename { rename(id: 1, name: "x") { name } }')
    expect(errors).toEqual([{ message: 'Sign in for Rename.', extensions: { code: 'FORBIDDEN' } }])
    expect(fixture.asked).toEqual([])
    expect((await fixture.ask('{ products { name } }')).errors).toBeUndefined()
  })
})

describe('a mistake in the gateway', () => {
  it('is told as a code and the id to report, and nothing else', async () => {
    await using fixture = await openFixture(shop, {
      log: silentLog,
      authorise: () => {
        throw new Error('secret path /srv/app')
      },
    })
    const response = await fixture.gateway.execute({
      query: '{ products { name } }',
      correlationId: 'ada-1',
    })
    expect(response.status).toBe(500)
    expect(bodyOf(response)).toEqual({
      errors: [
        {
          message: 'Something went wrong in the gateway. Report the correlation id.',
          extensions: { code: 'GATEWAY_FAILED', correlationId: 'ada-1' },
        },
      ],
    })
  })
})
