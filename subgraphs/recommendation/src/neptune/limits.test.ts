import { describe, expect, it } from '@jest/globals'
import { idsBehind, withEdges } from '../bulk/graph-pages.ts'
import { __, cardinality, g, t } from './gremlin-words.ts'
import { findProblems } from './limits.fixture.ts'
import { bestSellers, latestOf, neighboursOf, shelvesOf, similarTo } from './read-traversals.ts'
import { transactionOf } from './write-lane.ts'
import { describeProduct, prune, recordOrder, recordView } from './write-traversals.ts'

const { single } = cardinality

describe("the guard of Neptune's limits", () => {
  it.each([
    ['a lambda', g.V('a').map(() => 'x'), 'a lambda'],
    ['a number as id', g.V(1), 'an id'],
    ['a number as id in a map', g.mergeV(new Map([[t.id, 1]])), 'an id'],
    ['a number as id below', g.inject(0).union(__.V(1)), 'an id'],
    ['a property without cardinality', g.V('a').property('at', 1), 'cardinality'],
    ['a property of a set', g.V('a').property(cardinality.set, 'at', 1), 'cardinality'],
    [
      'a property in the map of a vertex',
      g.mergeV(
        new Map<unknown, unknown>([
          [t.id, 'a'],
          ['at', 1],
        ]),
      ),
      'cardinality',
    ],
    ['a cardinality at an edge', g.E('a').property(single, 'at', 1), 'an edge has no cardinality'],
    ['a step without support', g.V('a').pageRank(), 'pageRank'],
    ['a file', g.io('x').read(), 'io'],
    ['everything', g.V().out(), 'everything'],
    ['a strategy of a computer', g.withBulk(false).V('a'), 'withBulk'],
  ])('finds %s', (_, traversal, problem) => {
    expect(findProblems(traversal).join()).toContain(problem)
  })

  it('finds nothing in what we send', () => {
    const at = Date.UTC(2026, 10, 21)
    const order = { orderId: 'O-1', customerId: 'CU-ada', productIds: ['TEE', 'JEANS'], at }
    const sent = [
      transactionOf([
        recordOrder(order),
        recordView({ customerId: 'CU-ada', productId: 'TEE', at }),
        describeProduct({ productId: 'TEE', category: 'tops' }),
      ]),
      prune(['product/TEE', 'customer/CU-ada']),
      neighboursOf(['TEE'], 5),
      similarTo(['TEE'], 5),
      shelvesOf(['TEE']),
      idsBehind('order', 'order/O-1', 5),
      withEdges(['product/TEE']),
      bestSellers(undefined, 5),
      bestSellers('tops', 5),
      latestOf('bought', 'CU-ada', 5),
    ]
    expect(sent.flatMap(findProblems)).toEqual([])
  })
})
