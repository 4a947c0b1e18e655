import { describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { composed } from '../test/fixture.ts'
import { shop } from '../test/small-shop.ts'
import { prepareOperation } from './documents/prepare-operation.ts'
import { type Graph, openGraph } from './graph.ts'
import { defaultLimits } from './limits.ts'
import { warmGraph } from './warm-graph.ts'

const supergraph = composed(shop)

function open(text = supergraph): Graph {
  const client = { execute: async () => ({ data: null }) }
  const subgraphs = new Map([
    ['catalog', client],
    ['reviews', client],
  ])
  const parts = { clock: systemClock, random: systemRandom, log: silentLog }
  return openGraph(text, { ...parts, supergraph: text, subgraphs }, defaultLimits)
}

function ask(graph: Graph, text: string, ...variants: readonly Readonly<Record<string, unknown>>[]): void {
  const document = { text, operationName: undefined, limits: defaultLimits.adHoc }
  const prepared = prepareOperation(graph, document)
  if (!prepared.ok) throw new Error(text)
  for (const variables of variants) void prepared.value.planFor(variables)
  graph.operations.set(text, prepared.value, prepared.value.bytes)
}

const CONDITIONAL = 'query ($a: Boolean!) { products { id name @skip(if: $a) } }'

describe('a graph that takes the place of another', () => {
  it('has the plans of the other before it serves, for the same conditions', async () => {
    const [old, next] = [open(), open()]
    ask(old, CONDITIONAL, { a: true }, { a: false })
    ask(old, '{ latest { id } }', {})
    await warmGraph(next, old)
    expect(next.operations.recent(10).map(([key, { planned }]) => [key, planned()])).toEqual([
      ['{ latest { id } }', [{ variables: {} }]],
      [CONDITIONAL, [{ variables: { a: true } }, { variables: { a: false } }]],
    ])
  })

  it('has the 200 asked most recently, whatever else there is', async () => {
    const [old, next] = [open(), open()]
    const text = (i: number): string => `{ a${i}: latest { id } }`
    for (let i = 0; i < 300; i++) ask(old, text(i), {})
    await warmGraph(next, old)
    expect(next.operations.recent(1000)).toHaveLength(200)
    expect(next.operations.get(text(299))).toBeDefined()
    expect(next.operations.get(text(99))).toBeUndefined()
  })

  it('leaves out what it would refuse', async () => {
    const [old, next] = [open(), open(supergraph.replace('  latest: [Review!]!', '  newest: [Review!]!'))]
    ask(old, '{ latest { id } }', {})
    await warmGraph(next, old)
    expect(next.operations.recent(10)).toEqual([])
  })

  it('lets others have a turn between two plans', async () => {
    const [old, next] = [open(), open()]
    for (let i = 0; i < 20; i++) ask(old, `{ a${i}: latest { id } }`, {})
    let turns = 0
    let isOver = false
    const turn = (): void => {
      turns++
      if (!isOver) setImmediate(turn)
    }
    setImmediate(turn)
    await warmGraph(next, old)
    isOver = true
    expect(turns).toBeGreaterThanOrEqual(40)
  })
})
