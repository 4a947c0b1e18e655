import { MAX_NEIGHBOURS } from '../domain/taste.ts'
import { vertexId } from './graph-model.ts'
import { __, column, double, g, operator, order, P, scope, type Traversal, t } from './gremlin-words.ts'

/** One hop: for each product the ids and weights of its strongest edges, as `{ id, edges, weights }`. */
export function neighboursOf(productIds: readonly string[], first: number): Traversal {
  const strongest = (): Traversal =>
    __.outE('alsoBought').order().by('weight', order.desc).by(t.id).limit(Math.min(first, MAX_NEIGHBOURS))
  return products(productIds)
    .project('id', 'edges', 'weights')
    .by(t.id)
    .by(strongest().id().fold())
    .by(strongest().values('weight').fold())
}

/**
 * Two hops, both along bounded lists: what shares neighbours with a product and stands on the same shelf. A neighbour
 * counts as much as the weaker of the two edges that meet in it. As `{ id, categories, shared }`.
 */
export function similarTo(productIds: readonly string[], first: number): Traversal {
  const shared = __.out('inCategory')
    .as('shelf')
    .select('product')
    .outE('alsoBought')
    .sack(operator.assign)
    .by('weight')
    .inV()
    .outE('alsoBought')
    .sack(operator.min)
    .by('weight')
    .inV()
    .where(P.neq('product'))
    .where(__.out('inCategory').where(P.eq('shelf')))
    .group()
    .by(t.id)
    .by(__.sack().sum())
  const strongest = shared
    .order(scope.local)
    .by(column.values, order.desc)
    .by(column.keys)
    .limit(scope.local, first)
  return g
    .withSack(double(0))
    .V(...productIds.map((id) => vertexId('product', id)))
    .as('product')
    .project('id', 'categories', 'shared')
    .by(t.id)
    .by(__.out('inCategory').id().fold())
    .by(strongest.fold())
}

/** Where products stand, as `{ id, categories }`. */
export function shelvesOf(productIds: readonly string[]): Traversal {
  return products(productIds).project('id', 'categories').by(t.id).by(__.out('inCategory').id().fold())
}

/** What sells best, everywhere or on one shelf, as `{ id, weight }`. Looks at every product there: remember the answer. */
export function bestSellers(category: string | undefined, first: number): Traversal {
  const all =
    category === undefined ? g.V().hasLabel('product') : g.V(vertexId('category', category)).in_('inCategory')
  return all
    .has('bought')
    .order()
    .by('bought', order.desc)
    .by(t.id)
    .limit(first)
    .project('id', 'weight')
    .by(t.id)
    .by('bought')
}

/** Ids of a customer's edges of that kind, the latest first. */
export function latestOf(label: 'bought' | 'viewed', customerId: string, most: number): Traversal {
  const edges = g.V(vertexId('customer', customerId)).outE(label)
  return edges.order().by('at', order.desc).by(t.id).limit(most).id()
}

/** Some products, one at least: `V()` of nothing is everything. */
function products(productIds: readonly string[]): Traversal {
  return g.V(...productIds.map((id) => vertexId('product', id)))
}
