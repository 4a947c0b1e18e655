import { describe, expect, it } from '@jest/globals'
import { composed } from '../../../test/fixture.ts'
import { shop } from '../../../test/small-shop.ts'
import { NO_OVERRIDES } from '../overrides.ts'
import { openPlanner } from '../planner.ts'
import { readPlan } from '../read-plan.ts'
import { parsePlan } from './read-shared-plan.ts'

const QUERIES = [
  '{ products { name shipping(express: true) reviews { text author { name } } } }',
  '{ things { ... on Product { reviews { text } } ... on Book { title } } }',
  '{ media(id: "b1") { title stars ... on Book { pages } } latest { product { name dims { w } shipping } } }',
  'query ($on: Boolean!) { products { name reviews @include(if: $on) { text product { shipping } } } }',
  'mutation { rename(id: "1", name: "Mug") { name reviews { text } } }',
]

const planner = openPlanner(composed(shop))
const plans = QUERIES.map((query) => JSON.stringify(planner.plan(query, NO_OVERRIDES)))
/** Kinds that these plans do not have. */
const more = [
  '{"kind":"QueryPlan"}',
  '{"kind":"QueryPlan","node":null}',
  '{"kind":"QueryPlan","node":{"kind":"Subscription","primary":{"kind":"Fetch","serviceName":"a","operation":"{b}"}}}',
  `{"kind":"QueryPlan","node":{"kind":"Condition","condition":"on","ifClause":{"kind":"Parallel","nodes":[]},"elseClause":null}}`,
  `{"kind":"QueryPlan","node":{"kind":"Fetch","serviceName":"a","operation":"{b}","outputRewrites":[
    {"ValueSetter":{"path":[{"TypenameEquals":["A"]},{"Key":"b"}],"setValueTo":"c"}},
    {"KeyRenamer":{"path":[{"Key":"b"}],"renameKeyTo":"c"}},{"kind":"ValueSetter","path":[],"setValueTo":"c"}]}}`,
]

describe('a plan from a shared cache', () => {
  it.each([...plans, ...more])('is read when it is one: %#', (text) => {
    expect(parsePlan(text)).toEqual(JSON.parse(text))
  })

  it.each([...plans, ...more])('is refused, or can be run, whatever stands in any one place: %#', (text) => {
    const wrong = [7, 'x', null, {}, [null], { kind: 'Defer' }, undefined]
    const changed = wrong.flatMap((one) => [...changes(JSON.parse(text), one)])
    const nodes = changed.flatMap((one) => parsePlan(JSON.stringify(one))?.node ?? [])
    expect(nodes.length).toBeLessThan(changed.length)
    for (const node of nodes) expect(() => readPlan(node)).not.toThrow()
  })

  it('is refused when it is something else, or endless', () => {
    const endless = `{"kind":"QueryPlan","node":${'{"kind":"Sequence","nodes":['.repeat(5_000)}${']}'.repeat(5_000)}}`
    for (const text of ['7', 'null', '[]', '{}', '"QueryPlan"', '{"kind":"QueryPlan","node":[]}', endless])
      expect(parsePlan(text)).toBeUndefined()
  })
})

/** The value again and again, each time with `wrong` in another place. */
function* changes(value: unknown, wrong: unknown): Generator<unknown> {
  yield wrong
  if (Array.isArray(value)) {
    for (const [i, one] of value.entries())
      for (const changed of changes(one, wrong)) yield value.with(i, changed)
    return
  }
  if (typeof value !== 'object' || value === null) return
  for (const [name, one] of Object.entries(value))
    for (const changed of changes(one, wrong)) yield { ...value, [name]: changed }
}
