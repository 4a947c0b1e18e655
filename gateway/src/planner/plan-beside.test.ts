import { describe, expect, it } from '@jest/globals'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import { composed, openFixture } from '../../test/fixture.ts'
import { shop } from '../../test/small-shop.ts'
import { NO_OVERRIDES } from './overrides.ts'
import { planBeside } from './plan-beside.ts'
import { type LocalPlanner, openPlanner } from './planner.ts'

const supergraph = composed(shop)
const small = '{ products { name reviews { text } } }'
/** The same thirty times over: 120 selections. */
const large = `{${Array.from({ length: 30 }, (_, i) => `a${i}: products { ...P }`).join(' ')}} fragment P on Product { name reviews { text } }`

/** One entity behind two types: a document may ask for it differently behind each. */
const pages = {
  catalog: {
    sdl: `type Query { pages: [Page] } interface Page { id: ID! } type Home implements Page { id: ID! photo: Photo }
      type Shelf implements Page { id: ID! photo: Photo } type Photo @key(fields: "id") { id: ID! }`,
    resolvers: {
      Query: { pages: () => ['Home', 'Shelf'].map((__typename) => ({ __typename, photo: { id: 'p' } })) },
    },
  },
  media: {
    sdl: 'type Photo @key(fields: "id") { id: ID! scaled(width: Int): String }',
    resolvers: { Photo: { scaled: (_: unknown, { width }: { width: number }) => `${width} px` } },
  },
}

interface Counting extends LocalPlanner {
  readonly planned: string[]
}

function counting(planner: LocalPlanner): Counting {
  const planned: string[] = []
  return {
    planned,
    plan(document, overrides) {
      planned.push(document)
      return planner.plan(document, overrides)
    },
    retire: planner.retire,
  }
}

describe('planning beside the event loop', () => {
  it('is for large operations alone, and finds the same plan', async () => {
    const local = counting(openPlanner(supergraph))
    const planner = planBeside(local, { supergraph, clock: createVirtualClock(), isIsolated: false })
    expect(planner.plan(small, NO_OVERRIDES)).not.toBeInstanceOf(Promise)
    const plans = await Promise.all([1, 2].map(() => planner.plan(large, NO_OVERRIDES)))
    expect(local.planned).toEqual([small])
    expect(plans).toEqual([1, 2].map(() => openPlanner(supergraph).plan(large, NO_OVERRIDES)))
  })

  it('says why there is no plan, and goes on', async () => {
    const planner = planBeside(openPlanner(supergraph), {
      supergraph,
      clock: createVirtualClock(),
      isIsolated: false,
    })
    const unknown = large.replaceAll('name', 'nowhere')
    await expect(planner.plan(unknown, NO_OVERRIDES)).rejects.toThrow(/nowhere/)
    expect(await planner.plan(large, NO_OVERRIDES)).toMatchObject({ kind: 'QueryPlan' })
  })

  it('ends its process when nobody needs it, and starts another for the next', async () => {
    const clock = createVirtualClock()
    const planner = planBeside(openPlanner(supergraph), { supergraph, clock, isIsolated: false })
    await planner.plan(large, NO_OVERRIDES)
    clock.advance(60_000)
    expect(clock.nextAt()).toBeUndefined()
    expect(await planner.plan(large, NO_OVERRIDES)).toMatchObject({ kind: 'QueryPlan' })
  })

  it('ends its process with the graph', async () => {
    const clock = createVirtualClock()
    const planner = planBeside(openPlanner(supergraph), { supergraph, clock, isIsolated: true })
    await planner.plan(small, NO_OVERRIDES)
    expect(clock.nextAt()).toBeDefined()
    planner.retire()
    expect(clock.nextAt()).toBeUndefined()
  })

  it('gives up what takes too long', async () => {
    const clock = createVirtualClock()
    const planner = planBeside(openPlanner(supergraph), { supergraph, clock, isIsolated: false })
    await planner.plan(large, NO_OVERRIDES)
    const planned = planner.plan(large, NO_OVERRIDES)
    clock.advance(10_000)
    await expect(planned).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
  })

  it('outlives a document over which the planner ends its process, and plans those that waited with it', async () => {
    const photos = composed(pages)
    const deadly =
      '{ pages { ... on Home { photo { scaled(width: 1) } } ... on Shelf { photo { scaled(width: 2) } } } }'
    const parts = { supergraph: photos, clock: createVirtualClock(), isIsolated: true }
    const planner = planBeside(openPlanner(photos), parts)
    const [before, culprit, after] = await Promise.allSettled([
      planner.plan('{ pages { id } }', NO_OVERRIDES),
      planner.plan(deadly, NO_OVERRIDES),
      planner.plan('{ pages { __typename } }', NO_OVERRIDES),
    ])
    expect([before.status, culprit.status, after.status]).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    await expect(planner.plan(deadly, NO_OVERRIDES)).rejects.toThrow(/ended its process/)
    await using fixture = await openFixture(pages)
    expect((await fixture.ask(deadly)).data).toEqual({
      pages: [{ photo: { scaled: '1 px' } }, { photo: { scaled: '2 px' } }],
    })
  })

  it('answers through the gateway', async () => {
    await using fixture = await openFixture(shop)
    const wide = `{ products { ${Array.from({ length: 60 }, (_, i) => `a${i}: reviews { text }`).join(' ')} } }`
    const answer = await fixture.ask(wide)
    expect(answer.errors).toBeUndefined()
    expect(Object.keys(Object(Object(answer.data).products[0]))).toHaveLength(60)
  })
})
