import { describe, expect, it } from '@jest/globals'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import { composed } from '../../test/fixture.ts'
import { shop } from '../../test/small-shop.ts'
import { NO_OVERRIDES } from './overrides.ts'
import { createPlannerProcess } from './planner-process.ts'
import { startPlanner } from './planner-process-child.ts'

const supergraph = composed(shop)
const known = '{ products { name } }'
const fresh = '{ products { reviews { text } } }'

/** With real processes, which can be sent signals. */
function opened(isEager = false) {
  const clock = createVirtualClock()
  const pids: number[] = []
  const start: typeof startPlanner = (...parts) => {
    const child = startPlanner(...parts)
    if (child.pid !== undefined) pids.push(child.pid)
    return child
  }
  const planner = createPlannerProcess(supergraph, clock, { isEager, start })
  return {
    ...{ clock, pids },
    plan: async (document: string) => await planner.plan(document, NO_OVERRIDES),
    signal: (signal: NodeJS.Signals) => process.kill(pids.at(-1) ?? 0, signal),
    [Symbol.dispose]: () => planner.retire(),
  }
}

describe('the process that plans', () => {
  it('is asked again after it was paused, and then plans what was given up', async () => {
    using planner = opened()
    await planner.plan(known)
    planner.signal('SIGSTOP')
    const late = planner.plan(fresh)
    planner.clock.advance(10_000)
    await expect(late).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED', retryable: true })
    expect(await planner.plan(fresh)).toMatchObject({ kind: 'QueryPlan' })
    expect(planner.pids).toHaveLength(2)
  })

  it('is there before the first document and again after it ended, where all documents need it', async () => {
    using planner = opened(true)
    expect(planner.pids).toHaveLength(1)
    await planner.plan(known)
    planner.signal('SIGSTOP')
    const late = planner.plan(fresh)
    planner.clock.advance(10_000)
    await expect(late).rejects.toMatchObject({ retryable: true })
    expect(planner.pids).toHaveLength(2)
    await planner.plan(fresh)
    planner.clock.advance(60_000)
    expect(planner.clock.nextAt()).toBeUndefined()
  })

  it('is replaced when it is killed over a document, and that is planned', async () => {
    using planner = opened()
    await planner.plan(known)
    planner.signal('SIGSTOP')
    const both = Promise.all([planner.plan(fresh), planner.plan(known)])
    planner.signal('SIGKILL')
    expect(await both).toMatchObject([{ kind: 'QueryPlan' }, { kind: 'QueryPlan' }])
  })

  it('is not asked for a minute what was late twice', async () => {
    using planner = opened()
    for (const _ of [1, 2]) {
      await planner.plan(known)
      planner.signal('SIGSTOP')
      const late = planner.plan(fresh)
      planner.clock.advance(10_000)
      await expect(late).rejects.toMatchObject({ retryable: true })
    }
    await planner.plan(known)
    await expect(planner.plan(fresh)).rejects.toMatchObject({ retryable: true })
    planner.clock.advance(60_000)
    expect(await planner.plan(fresh)).toMatchObject({ kind: 'QueryPlan' })
  })

  it('is not asked again over which it aborted', async () => {
    using planner = opened()
    await planner.plan(known)
    planner.signal('SIGSTOP')
    const [culprit, other] = [planner.plan(fresh), planner.plan(known)]
    planner.signal('SIGABRT')
    planner.signal('SIGCONT')
    await expect(culprit).rejects.toMatchObject({ code: 'INTERNAL' })
    expect(await other).toMatchObject({ kind: 'QueryPlan' })
    await expect(planner.plan(fresh)).rejects.toMatchObject({ code: 'INTERNAL' })
  })

  it('has time of its own to start', async () => {
    using planner = opened()
    const planned = planner.plan(fresh)
    planner.signal('SIGSTOP')
    planner.clock.advance(20_000)
    planner.signal('SIGCONT')
    expect(await planned).toMatchObject({ kind: 'QueryPlan' })
  })

  it('blames nobody for a start that takes too long', async () => {
    using planner = opened()
    const refused = Promise.allSettled([planner.plan(fresh), planner.plan(known)])
    planner.signal('SIGSTOP')
    planner.clock.advance(30_000)
    const reason = { code: 'OVERLOADED', retryable: true }
    expect(await refused).toMatchObject([{ reason }, { reason }])
    expect(await planner.plan(fresh)).toMatchObject({ kind: 'QueryPlan' })
  })
})
