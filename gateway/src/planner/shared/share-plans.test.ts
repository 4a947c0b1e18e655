import { describe, expect, it } from '@jest/globals'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import type { SharedCache } from '@stoa/platform/shared-cache'
import { createMemoryCache } from '@stoa/platform/shared-cache.memory'
import { parse } from 'graphql'
import { composed } from '../../../test/fixture.ts'
import { shop } from '../../../test/small-shop.ts'
import { type ActiveOverrides, NO_OVERRIDES, readOverrides } from '../overrides.ts'
import { openPlanner, type Planner } from '../planner.ts'
import type { PlannerProcess } from '../planner-process.ts'
import { readReservedKeys } from '../reserved-keys.ts'
import { sharePlans } from './share-plans.ts'

const supergraph = composed(shop)
const QUERY = '{ products { name reviews { text } } }'
const secret = 's'.repeat(32)

interface OpenCache extends SharedCache {
  /** All that was written, as it lies there. */
  readonly written: Map<string, string>
}

/** A cache that can be looked into, and written to by anybody. */
function openCache(): OpenCache {
  const written = new Map<string, string>()
  const rules = { name: 'plans', ttlMs: 60_000, maxBytes: 100_000, clock: createVirtualClock() }
  const cache = createMemoryCache(rules)
  return {
    written,
    get: cache.get,
    set(key, value) {
      written.set(key, value)
      return cache.set(key, value)
    },
  }
}

interface Neighbour extends Planner {
  /** What it planned itself. */
  readonly planned: string[]
}

interface NeighbourOptions {
  readonly planner?: Planner
  readonly text?: string
  readonly secret?: string
  readonly adHocDocuments?: boolean
  /** Whether its process waits for work. */
  readonly isIdle?: boolean
}

/** One gateway of a fleet. */
function join(cache: SharedCache, options: NeighbourOptions = {}): Neighbour {
  const { text = supergraph, adHocDocuments = true, planner = openPlanner(text), isIdle = false } = options
  const secrets = options.secret === undefined ? {} : { secret: options.secret }
  const planned: string[] = []
  const source = parse(text)
  const counting: PlannerProcess = {
    isIdle: () => isIdle,
    async plan(document, overrides) {
      planned.push(document)
      return planner.plan(document, overrides)
    },
    retire: planner.retire,
  }
  const known = { labels: readOverrides(source), reservedKeys: readReservedKeys(source) }
  const parts = { ...known, clock: createVirtualClock(), adHocDocuments, supergraph: text }
  return { planned, ...sharePlans(counting, { ...parts, shared: { cache, ...secrets } }) }
}

describe('plans are shared', () => {
  it('so that of a fleet one gateway plans a document', async () => {
    const cache = openCache()
    const [ada, bo] = [join(cache), join(cache)]
    const plans = [await ada.plan(QUERY, NO_OVERRIDES), await bo.plan(QUERY, NO_OVERRIDES)]
    expect([ada.planned, bo.planned]).toEqual([[QUERY], []])
    expect(plans[1]).toEqual(plans[0])
    expect(plans[1]).toEqual(openPlanner(supergraph).plan(QUERY, NO_OVERRIDES))
  })

  it('where they are dear: a process that waits for work plans small documents, and tells', async () => {
    const cache = openCache()
    const large = `{ ${Array.from({ length: 40 }, (_, i) => `a${i}: products { name weight }`).join(' ')} }`
    const [ada, bo, cleo] = [join(cache, { isIdle: true }), join(cache, { isIdle: true }), join(cache)]
    for (const query of [QUERY, large]) await ada.plan(query, NO_OVERRIDES)
    for (const query of [QUERY, large]) await bo.plan(query, NO_OVERRIDES)
    for (const query of [QUERY, large]) await cleo.plan(query, NO_OVERRIDES)
    expect([ada.planned, bo.planned, cleo.planned]).toEqual([[QUERY, large], [QUERY], []])
  })

  it('not between supergraphs, however alike', async () => {
    const cache = openCache()
    await join(cache).plan(QUERY, NO_OVERRIDES)
    const other = join(cache, { text: `${supergraph}\n` })
    await other.plan(QUERY, NO_OVERRIDES)
    expect(other.planned).toEqual([QUERY])
  })

  it('between requests with the same labels on, of those that the document has anything to do with', async () => {
    const text = composed({
      old: {
        sdl: `type Query { products: [Product] } type Product @key(fields: "id") { id: ID! name: String
          weight: Int price: Int }`,
      },
      next: {
        sdl: `type Product @key(fields: "id") { id: ID! weight: Int @override(from: "old", label: "new-weights")
          price: Int @override(from: "old", label: "percent(10)") }`,
      },
    })
    const cache = openCache()
    const [ada, bo] = [join(cache, { text }), join(cache, { text })]
    const on: ActiveOverrides = { labels: new Set(['new-weights', 'else']), percentage: 50 }
    const off: ActiveOverrides = { labels: new Set(), percentage: 70 }
    const low: ActiveOverrides = { labels: new Set(), percentage: 7 }
    const [weighed, priced, named] = ['weight', 'price', 'name'].map((field) => `{ products { ${field} } }`)
    for (const query of [weighed ?? '', priced ?? '', named ?? ''])
      for (const overrides of [on, off, low]) {
        await ada.plan(query, overrides)
        expect(await bo.plan(query, overrides)).toEqual(openPlanner(text).plan(query, overrides))
      }
    expect(ada.planned).toEqual([weighed, weighed, priced, priced, named])
    expect(bo.planned).toEqual([])
  })

  it('never with what a client may have written out, unless all documents are trusted', async () => {
    const cache = openCache()
    const own = ['"ada@example.com"', '390000123456', '"""ada"""'].map(
      (id) => `{ product(id: ${id}) { name } }`,
    )
    const fixed = '{ products { reviews(first: 10) { text } } }'
    const open = join(cache)
    for (const query of [...own, fixed]) await open.plan(query, NO_OVERRIDES)
    expect(cache.written.size).toBe(1)
    const trusting = join(cache, { adHocDocuments: false })
    for (const query of [...own, fixed]) await trusting.plan(query, NO_OVERRIDES)
    expect(trusting.planned).toEqual(own)
    expect(cache.written.size).toBe(4)
  })

  it('under names that say nothing of the document without the secret', async () => {
    const cache = openCache()
    await join(cache, { secret }).plan(QUERY, NO_OVERRIDES)
    const other = join(cache, { secret: 't'.repeat(32) })
    await other.plan(QUERY, NO_OVERRIDES)
    expect(other.planned).toEqual([QUERY])
    expect([...cache.written.keys()]).toEqual([expect.stringMatching(/^[\w-]{43}$/), expect.anything()])
  })

  it('unless there is none, which is said and not written', async () => {
    const cache = openCache()
    await expect(join(cache).plan('{ nowhere }', NO_OVERRIDES)).rejects.toThrow(/nowhere/)
    expect(cache.written.size).toBe(0)
  })

  it('of a flood of new documents only in part', async () => {
    const cache = openCache()
    const ada = join(cache, { planner: { plan: () => ({ kind: 'QueryPlan' }), retire: () => {} } })
    for (let i = 0; i < 510; i += 1) await ada.plan(`{ a${i}: products { name } }`, NO_OVERRIDES)
    expect(cache.written.size).toBe(500)
  })
})

describe('a value that no gateway of the fleet wrote', () => {
  const forged = '{"kind":"QueryPlan"}'
  const values: readonly (readonly [string, (before: string) => string])[] = [
    ['nothing', () => ' '],
    ['half of one', (before) => before.slice(0, -20)],
    ['one that was changed', (before) => before.replace('products', 'things')],
    ['a plan without its signature', () => forged],
    ['a plan with the signature of another', (before) => before.slice(0, 43) + forged],
  ]
  it.each(values)('is not taken, and replaced: %s', async (_, change) => {
    const cache = openCache()
    await join(cache, { secret }).plan(QUERY, NO_OVERRIDES)
    const [[key = '', before = ''] = []] = cache.written
    await cache.set(key, change(before))
    const bo = join(cache, { secret })
    expect(await bo.plan(QUERY, NO_OVERRIDES)).toMatchObject({ node: { kind: 'Sequence' } })
    expect(bo.planned).toEqual([QUERY])
    expect(cache.written.get(key)).toBe(before)
  })
})
