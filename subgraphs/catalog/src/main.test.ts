import { describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import { bodySha256, CONTEXT_HEADER, signContext } from '@stoa/platform/context-token'
import { openMemoryBus } from '@stoa/platform/event-bus.memory'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import { silentLog } from '@stoa/platform/log'
import { seededRandom } from '@stoa/platform/random'
import { startRelay } from '@stoa/platform/relay'
import { listenSubgraph } from '@stoa/platform/subgraph-server'
import { bo, eventually, openCatalogBench, visitor } from './catalog-bench.fixture.ts'
import { importCatalog } from './import.ts'
import { openCatalog } from './main.ts'
import { smallShop } from './small-shop.fixture.ts'

const COLOURS =
  '{ products(filter: { facets: [{ name: "colour", values: ["red"] }] }) { totalCount nodes { name } } }'
const secret = 'a secret of the shop, long enough!'

describe('the catalogue as a whole', () => {
  it('answers the gateway over HTTP, and nobody else', async () => {
    await using bench = await openCatalogBench()
    await using listener = await listenSubgraph(bench.catalog, { port: 0, secret, log: silentLog })
    const body = JSON.stringify({ query: COLOURS })
    const token = await signContext(visitor, { secret, audience: 'catalog', bodySha256: bodySha256(body) })
    const post = (headers: Readonly<Record<string, string>>): Promise<Response> =>
      fetch(`${listener.url}/graphql`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...headers },
      })
    expect(await (await post({ [CONTEXT_HEADER]: token })).json()).toEqual({
      data: {
        products: { totalCount: 2, nodes: [{ name: 'Elba Oxford Shirt' }, { name: 'Arno Linen Shirt' }] },
      },
    })
    expect((await post({})).status).toBe(401)
  })

  it('finds after a restart what changed before, though its facts were told already', async () => {
    const parts = { clock: systemClock, random: seededRandom(3), log: silentLog, env: {} }
    await using store = openMemoryStore(parts)
    await using bus = openMemoryBus(parts)
    await using _relay = await startRelay({ store, bus, source: 'catalog', log: silentLog })
    await importCatalog(store, smallShop)
    const context = { ...visitor, ...bo }
    const search = '{ products(filter: { text: "hemp" }) { nodes { productId } } }'
    const rename =
      'mutation { productUpdate(input: { productId: "P-ARNO", name: "Arno Hemp Shirt" }) { userErrors { code } } }'

    const first = await openCatalog({ ...parts, store, bus })
    await first.execute({ query: rename, context })
    await eventually(
      async () =>
        ((await first.execute({ query: search, context })).data && (await isCaughtUp(bus))) || undefined,
    )
    await first[Symbol.asyncDispose]()
    await using second = await openCatalog({ ...parts, store, bus })
    const { data } = await second.execute({ query: search, context })
    expect(data).toEqual({ products: { nodes: [{ productId: 'P-ARNO' }] } })
  })

  it('opens empty, and says which facets there are not', async () => {
    const parts = { clock: systemClock, random: seededRandom(3), log: silentLog, env: {} }
    await using store = openMemoryStore(parts)
    await using bus = openMemoryBus(parts)
    await using catalog = await openCatalog({ ...parts, store, bus })
    const query =
      '{ products { totalCount nodes { id } facets { name } } categories { id } searchSuggestions(text: "a") { text } }'
    const { data } = await catalog.execute({ query, context: visitor })
    expect(data).toEqual({
      products: { totalCount: 0, nodes: [], facets: [] },
      categories: [],
      searchSuggestions: [],
    })
    const { errors } = await catalog.execute({ query: COLOURS, context: visitor })
    expect(errors?.[0]?.extensions?.['code']).toBe('BAD_REQUEST')
  })
})

async function isCaughtUp(bus: ReturnType<typeof openMemoryBus>): Promise<boolean> {
  const { events } = await bus.archive({ limit: 1 })
  const [search] = (await bus.consumers()).filter(({ name }) => name === 'catalog.search')
  return events.length === 1 && search?.lag === 0
}
