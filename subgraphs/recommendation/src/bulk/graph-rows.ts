import type { EventBus } from '@stoa/platform/event-bus'
import { shardsOf } from '@stoa/platform/shard'
import type { TableStore } from '@stoa/platform/table-store'
import { parseEvent } from '@stoa/schema/events'
import { basketOf, type CustomerTaste, type Purchase } from '../domain/taste.ts'
import { type EdgeLabel, edgeEnds, edgeId, vertexId } from '../neptune/graph-model.ts'
import { loadAssortment } from '../store/assortment-rows.ts'
import { readPages } from '../store/read-all-rows.ts'
import { customerKey, toCustomerTaste, toProductTaste, viewsKey } from '../store/taste-rows.ts'
import type { EdgeRow, GraphPart, VertexRow } from './bulk-rows.ts'

/** What the graph in memory stands on: the rows, and the archive that knows every order by name. */
export interface GraphSource {
  readonly store: TableStore
  readonly bus: Pick<EventBus, 'archive'>
}

/**
 * The whole graph, a page of products or orders at a time. Views of customers who never ordered anything are not in it: no
 * archive names them.
 */
export async function* readGraphRows({ store, bus }: GraphSource): AsyncGenerator<GraphPart> {
  yield await readCategories(store)
  for (const partition of shardsOf('products')) {
    for await (const rows of readPages(store, { table: 'taste', partition })) {
      const tastes = rows.map((row) => ({ productId: row.sort, ...toProductTaste(row) }))
      yield {
        vertices: tastes.map(({ productId, bought }) => ({ ...vertexRow('product', productId), bought })),
        edges: tastes.flatMap(({ productId, together }) =>
          together.map(([other, weight]) => ({ ...edgeRow('alsoBought', productId, other), weight })),
        ),
      }
    }
  }
  for await (const orders of readOrders(bus)) yield await readOrdersAndCustomers(store, orders)
}

async function readCategories(store: TableStore): Promise<GraphPart> {
  const products = [...(await loadAssortment(store)).values()].flatMap(({ productId, category }) =>
    category === undefined ? [] : [{ productId, category }],
  )
  const categories = [...new Set(products.map(({ category }) => category))]
  return {
    vertices: [
      ...categories.map((category) => vertexRow('category', category)),
      ...products.map(({ productId }) => vertexRow('product', productId)),
    ],
    edges: products.map(({ productId, category }) => edgeRow('inCategory', productId, category)),
  }
}

async function* readOrders(bus: GraphSource['bus']): AsyncGenerator<readonly Purchase[]> {
  let after: string | undefined
  do {
    const page = await bus.archive({
      pattern: { 'detail-type': ['OrderCreated'], source: ['orders'] },
      limit: 100,
      ...(after === undefined ? {} : { after }),
    })
    yield page.events.flatMap((event) => {
      const parsed = parseEvent(event)
      if (!parsed.ok || parsed.value.type !== 'OrderCreated') return []
      const { orderId, customerId, lines } = parsed.value.data
      const productIds = lines.map((line) => line.productId)
      return [{ orderId, productIds, at: event.at, ...(customerId && { customerId }) }]
    })
    after = page.next
  } while (after !== undefined)
}

async function readOrdersAndCustomers(store: TableStore, orders: readonly Purchase[]): Promise<GraphPart> {
  const customerIds = [...new Set(orders.flatMap(({ customerId }) => customerId ?? []))]
  const [bought, viewed] = await Promise.all([
    store.getMany(customerIds.map(customerKey)),
    store.getMany(customerIds.map(viewsKey)),
  ])
  const latest = (label: EdgeLabel, customerId: string, taste: CustomerTaste): readonly EdgeRow[] =>
    taste.map(([productId, at]) => ({ ...edgeRow(label, customerId, productId), at }))
  return {
    vertices: [
      ...orders.map(({ orderId, at }) => ({ ...vertexRow('order', orderId), at })),
      ...customerIds.map((customerId) => vertexRow('customer', customerId)),
    ],
    edges: [
      ...orders.flatMap((order) => basketOf(order).map((id) => edgeRow('contains', order.orderId, id))),
      ...customerIds.flatMap((id, index) => latest('bought', id, toCustomerTaste(bought[index]))),
      ...customerIds.flatMap((id, index) => latest('viewed', id, toCustomerTaste(viewed[index]))),
    ],
  }
}

function vertexRow(label: Parameters<typeof vertexId>[0], key: string): VertexRow {
  return { id: vertexId(label, key), label }
}

function edgeRow(label: EdgeLabel, fromKey: string, toKey: string): EdgeRow {
  const [from, to] = edgeEnds(label, fromKey, toKey)
  return { id: edgeId(label, fromKey, toKey), from, to, label }
}
