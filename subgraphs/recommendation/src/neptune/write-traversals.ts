import {
  basketOf,
  MAX_NEIGHBOURS,
  MAX_PURCHASES,
  MAX_VIEWS,
  type Purchase,
  type View,
  weightAt,
} from '../domain/taste.ts'
import type { DescribedProduct } from '../ports.ts'
import { type EdgeLabel, edge, edgeId, vertex, vertexId } from './graph-model.ts'
import { __, cardinality, double, g, long, operator, order, P, type Traversal, t } from './gremlin-words.ts'
import type { GraphWrite } from './write-lane.ts'

/** An order as a write, and as data for `recordOrders`. */
export function recordOrder(purchase: Purchase): GraphWrite {
  const { orderId, customerId, at } = purchase
  const basket = basketOf(purchase)
  const key = vertexId('order', orderId)
  const customers = customerId === undefined || basket.length === 0 ? [] : [customerId]
  const row = new Map<string, unknown>([
    ['key', key],
    ['order', vertex('order', orderId)],
    ['at', long(at)],
    ['weight', double(weightAt(at))],
    ['products', basket.map((id) => vertex('product', id))],
    ['contains', basket.map((id) => edge('contains', orderId, id))],
    ['pairs', pairsOf(basket)],
    ['customers', customers.map((id) => vertex('customer', id))],
    ['bought', customers.flatMap((customer) => basket.map((id) => edge('bought', customer, id)))],
  ])
  const grown = [
    ...basket.map((id) => vertexId('product', id)),
    ...customers.map((id) => vertexId('customer', id)),
  ]
  return { key, cost: basket.length ** 2, grown, row }
}

/**
 * Counts orders. An order's vertex is its mark: what it adds is added only where the vertex was not marked yet, and the mark is
 * set in the same transaction. One traversal over all rows: a database spends longer on preparing one for each order. A
 * row travels in the sack, not under a label: labels make the path of every traverser, and paths are hashed at every
 * step, so that an order of n products would cost n to the fourth.
 */
export function recordOrders(rows: readonly Row[]): Traversal {
  return __.constant(rows)
    .unfold()
    .sack(operator.assign)
    .mergeV(__.select('order'))
    .hasNot('at')
    .property(cardinality.single, 'at', told('at'))
    .sideEffect(each('products').mergeV().property(cardinality.single, 'bought', plusWeight('bought')))
    .sideEffect(each('contains').mergeE())
    .sideEffect(each('pairs').mergeE().property('weight', plusWeight('weight')))
    .sideEffect(each('customers').mergeV())
    .sideEffect(
      each('bought')
        .mergeE()
        .property('at', __.union(__.values('at'), told('at')).max()),
    )
    .sack()
    .select('key')
}

function told(name: string): Traversal {
  return __.sack().select(name)
}

function each(name: string): Traversal {
  return told(name).unfold()
}

/** What is there, if anything, and what an order of that time adds. */
function plusWeight(name: string): Traversal {
  return __.union(__.values(name), told('weight')).sum()
}

/** Remembers that a customer looked at a product, where the graph knows the product. */
export function recordView({ customerId, productId, at }: View): GraphWrite {
  const key = edgeId('viewed', customerId, productId)
  const traversal = __.V(vertexId('product', productId))
    .sideEffect(upsertVertices([vertex('customer', customerId)]))
    .sideEffect(touchEdges([edge('viewed', customerId, productId)], at))
    .constant(key)
  return { key, cost: 1, grown: [vertexId('customer', customerId)], traversal }
}

/** Puts a product into its category, out of the one it was in. */
export function describeProduct({ productId, category }: DescribedProduct): GraphWrite {
  const key = edgeId('inCategory', productId, category)
  const traversal = __.constant([vertex('product', productId), vertex('category', category)])
    .sideEffect(__.unfold().mergeV())
    .sideEffect(__.V(vertexId('product', productId)).outE('inCategory').not(__.hasId(key)).drop())
    .sideEffect(upsertEdges([edge('inCategory', productId, category)]))
    .constant(key)
  return { key, cost: 1, grown: [], traversal }
}

/**
 * Drops from the lists of these vertices what is beyond their bounds, once a list is half as long again. Never in the transaction
 * that added: TinkerGraph takes an edge that is dropped and made again in one for a conflict.
 */
export function prune(grown: readonly string[]): Traversal {
  const customers = grown.filter((id) => id.startsWith('customer/'))
  const products = grown.filter((id) => id.startsWith('product/'))
  return g
    .inject(0)
    .sideEffect(pruneList(products, { label: 'alsoBought', by: 'weight', most: MAX_NEIGHBOURS }))
    .sideEffect(pruneList(customers, { label: 'bought', by: 'at', most: MAX_PURCHASES }))
    .sideEffect(pruneList(customers, { label: 'viewed', by: 'at', most: MAX_VIEWS }))
}

interface BoundedList {
  readonly label: EdgeLabel
  readonly by: string
  readonly most: number
}

function pruneList(ids: readonly string[], { label, by, most }: BoundedList): Traversal {
  if (ids.length === 0) return __.identity()
  const beyond = __.outE(label).order().by(by, order.desc).by(t.id).skip(most)
  return __.V(...ids)
    .where(
      __.outE(label)
        .count()
        .is(P.gt(most * 1.5)),
    )
    .sideEffect(beyond.drop())
}

export type Row = ReadonlyMap<unknown, unknown>

function upsertVertices(vertices: readonly Row[]): Traversal {
  return __.constant(vertices).unfold().mergeV()
}

function upsertEdges(edges: readonly Row[]): Traversal {
  return __.constant(edges).unfold().mergeE()
}

/** The later of what is there and this time: facts may come in any order. */
function touchEdges(edges: readonly Row[], at: number): Traversal {
  return upsertEdges(edges).property('at', __.union(__.values('at'), __.constant(long(at))).max())
}

function pairsOf(basket: readonly string[]): readonly Row[] {
  return basket.flatMap((from) =>
    basket.filter((to) => to !== from).map((to) => edge('alsoBought', from, to)),
  )
}
