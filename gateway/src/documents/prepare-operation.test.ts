import { describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import { Fault } from '@stoa/platform/fault'
import { silentLog } from '@stoa/platform/log'
import { seededRandom } from '@stoa/platform/random'
import { composed } from '../../test/fixture.ts'
import { shop } from '../../test/small-shop.ts'
import { openGraph } from '../graph.ts'
import { defaultLimits } from '../limits.ts'
import { prepareOperation } from './prepare-operation.ts'

const supergraph = composed(shop)
const client = { execute: async () => ({ data: {} }) }

/** An operation on a graph whose planner fails once, for this reason. */
function preparedOver(reason: Error) {
  const subgraphs = new Map(Object.keys(shop).map((name) => [name, client]))
  const options = { supergraph, subgraphs, clock: systemClock, random: seededRandom(1), log: silentLog }
  const graph = openGraph(supergraph, options, defaultLimits)
  const failures = [reason]
  const plan: typeof graph.planner.plan = async (...parts) => {
    const failure = failures.pop()
    if (failure) throw failure
    return await graph.planner.plan(...parts)
  }
  const prepared = prepareOperation(
    { ...graph, planner: { ...graph.planner, plan } },
    { text: '{ products { name } }', operationName: undefined, limits: defaultLimits.adHoc },
  )
  if (!prepared.ok) throw new Error('It was expected to be valid.')
  return prepared.value
}

describe('a document without a plan', () => {
  it('is planned again when it is sent again and its plan was only late', async () => {
    const operation = preparedOver(new Fault('DEADLINE_EXCEEDED', 'Late.'))
    expect(await operation.planFor({})).toMatchObject({
      error: { severity: 503, errors: [{ extensions: { code: 'GATEWAY_BUSY' } }] },
    })
    expect(await operation.planFor({})).toMatchObject({ ok: true })
  })

  it('has none for good when there is no way', async () => {
    const operation = preparedOver(new Error('No path.'))
    for (const _ of [1, 2])
      expect(await operation.planFor({})).toMatchObject({
        error: { severity: 500, errors: [{ extensions: { code: 'PLAN_FAILED' } }] },
      })
  })
})
