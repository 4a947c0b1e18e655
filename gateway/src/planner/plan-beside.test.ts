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
  }
}

describe('planning beside the event loop', () => {
  it('is for large operations alone, and finds the same plan', async () => {
    const local = counting(openPlanner(supergraph))
    const planner = planBeside(local, supergraph, createVirtualClock())
    expect(planner.plan(small, NO_OVERRIDES)).not.toBeInstanceOf(Promise)
    const plans = await Promise.all([1, 2].map(() => planner.plan(large, NO_OVERRIDES)))
    expect(local.planned).toEqual([small])
    expect(plans).toEqual([1, 2].map(() => openPlanner(supergraph).plan(large, NO_OVERRIDES)))
  })

  it('says why there is no plan, and goes on', async () => {
    const planner = planBeside(openPlanner(supergraph), supergraph, createVirtualClock())
    const unknown = large.replaceAll('name', 'nowhere')
    await expect(planner.plan(unknown, NO_OVERRIDES)).rejects.toThrow(/nowhere/)
    expect(await planner.plan(large, NO_OVERRIDES)).toMatchObject({ kind: 'QueryPlan' })
  })

  it('ends its thread when nobody needs it, and starts another for the next', async () => {
    const clock = createVirtualClock()
    const planner = planBeside(openPlanner(supergraph), supergraph, clock)
    await planner.plan(large, NO_OVERRIDES)
    clock.advance(60_000)
    expect(clock.nextAt()).toBeUndefined()
    expect(await planner.plan(large, NO_OVERRIDES)).toMatchObject({ kind: 'QueryPlan' })
  })

  it('gives up what takes too long', async () => {
    const clock = createVirtualClock()
    const planner = planBeside(openPlanner(supergraph), supergraph, clock)
    const planned = planner.plan(large, NO_OVERRIDES)
    clock.advance(10_000)
    await expect(planned).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
  })

  it('answers through the gateway', async () => {
    await using fixture = await openFixture(shop)
    const wide = `{ products { ${Array.from({ length: 60 }, (_, i) => `a${i}: reviews { text }`).join(' ')} } }`
    const answer = await fixture.ask(wide)
    expect(answer.errors).toBeUndefined()
    expect(Object.keys(Object(Object(answer.data).products[0]))).toHaveLength(60)
  })
})
