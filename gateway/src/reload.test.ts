import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { composed, openFixture, openPart } from '../test/fixture.ts'
import { shop } from '../test/small-shop.ts'

const QUERY = 'query ($deep: Boolean!) { products { name reviews(first: 1) @include(if: $deep) { text } } }'

describe('a reload', () => {
  it('serves the new supergraph as soon as it is done, to new clients too', async () => {
    await using fixture = await openFixture(shop)
    const extra = { sdl: 'type Query { x: Int }', resolvers: { Query: { x: () => 1 } } }
    await using part = await openPart('extra', extra)
    await using catalog = await openPart('catalog', shop.catalog)
    await using reviews = await openPart('reviews', shop.reviews)
    const clients = new Map(Object.entries({ catalog, reviews, extra: part }))
    await fixture.gateway.reload(composed({ ...shop, extra }), clients)
    expect(await fixture.ask('{ x products { name } }')).toEqual({
      data: { x: 1, products: [{ name: 'Tee' }, { name: 'Mug' }] },
    })
  })

  it('answers during it, on the old supergraph', async () => {
    await using fixture = await openFixture(shop)
    const changed = fixture.supergraph.replace('  products: [Product!]!', '  goods: [Product!]!')
    const reloaded = fixture.gateway.reload(changed)
    expect((await fixture.ask('{ products { name } }')).errors).toBeUndefined()
    await reloaded
    expect((await fixture.ask('{ products { name } }')).errors?.[0]?.extensions.code).toBe('DOCUMENT_INVALID')
  })

  it('says when the last request on the old one has ended', async () => {
    const gate = Promise.withResolvers<void>()
    await using fixture = await openFixture(shop)
    await using slow = await openFixture(shop, {
      wrap: (_name, client) => ({ execute: (request) => gate.promise.then(() => client.execute(request)) }),
    })
    const underWay = slow.ask('{ products { name } }')
    const { unused } = await slow.gateway.reload(fixture.supergraph)
    const order: string[] = []
    const both = [unused.then(() => order.push('unused')), underWay.then(() => order.push('answered'))]
    gate.resolve()
    await Promise.all(both)
    expect(order).toEqual(['unused', 'answered'])
    expect((await underWay).errors).toBeUndefined()
  })

  it('comes after the one before it, whether that was good or bad', async () => {
    await using fixture = await openFixture(shop)
    const renamed = fixture.supergraph.replace('  products: [Product!]!', '  goods: [Product!]!')
    const [first, second] = await Promise.allSettled([
      fixture.gateway.reload('type {'),
      fixture.gateway.reload(renamed),
    ])
    expect([first.status, second.status]).toEqual(['rejected', 'fulfilled'])
    expect((await fixture.ask('{ products { name } }')).errors?.[0]?.extensions.code).toBe('DOCUMENT_INVALID')
  })

  it('carries over what is asked, for each combination of conditions', async () => {
    await using fixture = await openFixture(shop)
    for (const deep of [true, false]) await fixture.ask(QUERY, { deep })
    await fixture.ask('{ latest { id } }')
    const { gateway, supergraph } = fixture
    await gateway.reload(supergraph.replace('  latest: [Review!]!', '  newest: [Review!]!'))
    expect((await fixture.ask(QUERY, { deep: true })).data).toMatchObject({ products: [{ name: 'Tee' }, {}] })
    expect((await fixture.ask('{ latest { id } }')).errors?.[0]?.extensions.code).toBe('DOCUMENT_INVALID')
  })
})

describe('many reloads', () => {
  it('leave the heap as it was', async () => {
    const proof = fileURLToPath(new URL('../test/reload-proof.ts', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', proof, '150', '50'])
    const { reloads, heap_growth_percent } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
    expect(reloads).toBe(150)
    expect(heap_growth_percent).toBeLessThan(5)
  }, 60_000)
})
