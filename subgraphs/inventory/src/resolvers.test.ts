import { describe, expect, it } from '@jest/globals'
import { openGraph } from './test-graph.fixture.ts'

const ENTITIES = `query ($of: [_Any!]!) { _entities(representations: $of) {
  ... on ProductVariant { sku availability { availableToPromise status } }
} }`

describe('availability', () => {
  it('of a page costs one read, whatever its size', async () => {
    await using graph = await openGraph()
    for (const size of [1, 50, 100]) {
      graph.reads.length = 0
      const of = graph.skus.slice(0, size).map((sku) => ({ __typename: 'ProductVariant', sku }))
      const { data, errors } = await graph.ask(ENTITIES, { variables: { of } })
      expect(errors).toBeUndefined()
      expect(data?.['_entities']).toHaveLength(size)
      expect(graph.reads).toEqual(['getMany'])
    }
  })

  it('says how much, in one word too, and nothing of a SKU that was never there', async () => {
    await using graph = await openGraph()
    const of = ['SKU-1', 'LAST', 'NEVER'].map((sku) => ({ __typename: 'ProductVariant', sku }))
    const { data } = await graph.ask(ENTITIES, { variables: { of } })
    expect(data?.['_entities']).toEqual([
      { sku: 'SKU-1', availability: { availableToPromise: 7, status: 'IN_STOCK' } },
      { sku: 'LAST', availability: { availableToPromise: 1, status: 'LOW' } },
      { sku: 'NEVER', availability: { availableToPromise: 0, status: 'OUT' } },
    ])
  })

  it('says where, the nearest first', async () => {
    await using graph = await openGraph()
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ProductVariant { availability {
      full: locations { location { locationId distanceKm } available distanceKm }
      near: locations(first: 1, near: { latitude: 41.9, longitude: 12.5 }) { location { name } available distanceKm }
    } } } }`
    const { data } = await graph.ask(query, {
      variables: { of: [{ __typename: 'ProductVariant', sku: 'SKU-1' }] },
    })
    expect(data?.['_entities']).toEqual([
      {
        availability: {
          full: [
            { location: { locationId: 'DC-MILAN', distanceKm: null }, available: 5, distanceKm: null },
            { location: { locationId: 'ST-ROME', distanceKm: null }, available: 2, distanceKm: null },
          ],
          near: [{ location: { name: 'ST-ROME' }, available: 2, distanceKm: 0 }],
        },
      },
    ])
  })
})

describe('locations', () => {
  it('come page by page, by key or nearest first', async () => {
    await using graph = await openGraph()
    const query = `query ($after: String, $near: CoordinatesInput) { locations(first: 3, after: $after, near: $near) {
      nodes { locationId } pageInfo { hasNextPage endCursor } totalCount } }`
    const pageOf = async (variables: Record<string, unknown>) =>
      (await graph.ask(query, { variables })).data?.['locations'] as {
        nodes: { locationId: string }[]
        pageInfo: { endCursor: string; hasNextPage: boolean }
      }
    const keys: string[] = []
    const near = { latitude: 52.5, longitude: 13.4 }
    const first = await pageOf({ near })
    const second = await pageOf({ near, after: first.pageInfo.endCursor })
    for (const { locationId } of [...first.nodes, ...second.nodes]) keys.push(locationId)
    expect(keys).toEqual(['ST-BERLIN', 'DC-LEIPZIG', 'DC-MILAN', 'ST-ROME'])
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false])
    const byKey = await pageOf({})
    expect(byKey.nodes.map(({ locationId }) => locationId)).toEqual(['DC-LEIPZIG', 'DC-MILAN', 'ST-BERLIN'])
  })

  it('say how far they are to 0.1 km', async () => {
    await using graph = await openGraph()
    const query = `{ locations(first: 2, near: { latitude: 52.51, longitude: 13.2 }) { nodes { locationId distanceKm } } }`
    expect((await graph.ask(query)).data).toMatchObject({
      locations: {
        nodes: [
          { locationId: 'ST-BERLIN', distanceKm: 13.6 },
          { locationId: 'DC-LEIPZIG', distanceKm: 142 },
        ],
      },
    })
  })

  it('say whether they are open now', async () => {
    await using graph = await openGraph()
    const query =
      '{ location(locationId: "ST-ROME") { id kind openNow openingHours { weekday opens closes } } }'
    expect((await graph.ask(query)).data).toMatchObject({
      location: { id: 'gid://inventory/Location/ST-ROME', kind: 'STORE', openNow: true },
    })
    graph.clock.advance(12 * 3_600_000)
    expect((await graph.ask(query)).data).toMatchObject({ location: { openNow: false } })
  })

  it('are entities by either key', async () => {
    await using graph = await openGraph()
    const query = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Location { name } } }'
    const of = [
      { locationId: 'ST-ROME' },
      { id: 'gid://inventory/Location/DC-MILAN' },
      { locationId: 'ATTIC' },
    ]
    const variables = { of: of.map((key) => ({ __typename: 'Location', ...key })) }
    expect((await graph.ask(query, { variables })).data?.['_entities']).toEqual([
      { name: 'ST-ROME' },
      { name: 'DC-MILAN' },
      null,
    ])
  })

  it('refuse pages that are too large and points off the globe', async () => {
    await using graph = await openGraph()
    for (const args of ['first: 101', 'first: 0', 'near: { latitude: 91, longitude: 0 }', 'after: "x"']) {
      const { errors } = await graph.ask(`{ locations(${args}) { nodes { id } } }`)
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }])
    }
  })
})
