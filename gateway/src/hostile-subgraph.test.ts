import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type HostileGraph, openHostileGraph, type Way } from '../test/hostile-subgraph.ts'
import { MOST_SENT, sentLast } from '../test/misbehave.ts'
import { useless } from '../test/useless-answers.ts'
import { partly, query, rest, right } from '../test/wrong-values.ts'

let graph: HostileGraph
beforeAll(async () => {
  graph = await openHostileGraph()
})
afterAll(async () => {
  await graph[Symbol.asyncDispose]()
})

interface Told {
  readonly data: unknown
  /** `path code` of each error. */
  readonly errors: readonly string[]
}

async function ask(way: Way, ms = 8_000): Promise<Told> {
  const { data, errors = [] } = await graph.ask(way, query, ms)
  // Nobody is told where the subgraph is, or what it said by the way.
  expect(JSON.stringify(errors)).not.toMatch(/127\.0|10\.0|\.ts\b|polluted/)
  return {
    data,
    errors: errors.map(({ path, extensions }) => `${path?.join('.')} ${extensions.code}`).sort(),
  }
}

/** No prototype has changed, and the next request is answered well. */
async function expectUnharmed(way: Way): Promise<void> {
  expect(Object.keys(Object.prototype)).toEqual([])
  expect('polluted' in {}).toBe(false)
  graph.behave(undefined)
  expect(await ask(way)).toEqual({ data: right, errors: [] })
}

const ways: readonly Way[] = ['functions', 'walk']

describe.each(ways)('a subgraph whose answers are taken by %s', (way) => {
  it.each(Object.entries(useless))(
    'and that sends %s costs its own fields alone',
    async (_what, [code, behaviour]) => {
      graph.behave(behaviour)
      const errors = ['latest', 'product.n', 'product.score'].map((path) => `${path} ${code}`)
      const ms = code === 'SUBGRAPH_TIMEOUT' ? 300 : undefined
      expect(await ask(way, ms)).toEqual({ data: rest, errors })
      expect(sentLast()).toBeLessThan(MOST_SENT / 4)
      await expectUnharmed(way)
    },
  )

  it.each(Object.entries(partly))('and that sends %s loses only what is wrong', async (_what, expected) => {
    const { behaviour, data = right, errors = [] } = expected
    graph.behave(behaviour)
    expect(await ask(way)).toEqual({ data, errors })
    await expectUnharmed(way)
  })
})
