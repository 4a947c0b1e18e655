import { describe, expect, it } from '@jest/globals'
import {
  cancel,
  cartUpdate,
  checkout,
  filledCart,
  placed,
  seeCart,
  seeOrder,
  seeRecent,
} from './shop-talk.fixture.ts'
import { ada, bo, openTestOrders, operator, type TestOrders } from './test-orders.fixture.ts'

const guest = { principal: { kind: 'anonymous' } } as const
const reader = { principal: { ...operator, scopes: ['orders:read'] } }
const stranger = { principal: { ...operator, scopes: [] } }

describe('an order', () => {
  it('is for its customer and for operators who may read, and for nobody else', async () => {
    await using shop = await openTestOrders()
    const { id } = await placed(shop)
    const views = await Promise.all(
      [{ principal: ada }, reader, { principal: bo }, guest, stranger].map((who) => seeOrder(shop, id, who)),
    )
    expect(views.map((view) => view?.id ?? null)).toEqual([id, id, null, null, null])
  })

  it('of a guest is for whoever holds its id', async () => {
    await using shop = await openTestOrders()
    const { id } = await placed(shop, {}, guest)
    expect((await seeOrder(shop, id, guest))?.id).toBe(id)
    expect((await seeOrder(shop, id, { principal: bo }))?.id).toBe(id)
    expect((await seeOrder(shop, id, stranger))?.id).toBeUndefined()
  })

  it('of somebody else is refused as if there were none', async () => {
    await using shop = await openTestOrders()
    const { orderId } = await placed(shop)
    const [theirs, none] = [
      await cancel(shop, orderId, { principal: bo }),
      await cancel(shop, 'O-none', { principal: bo }),
    ]
    expect(theirs).toEqual(none)
    expect(theirs).toMatchObject({
      order: null,
      userErrors: [{ code: 'ORDER_NOT_FOUND', path: ['orderId'] }],
    })
  })

  it('is cancelled by an operator only with the scope to write', async () => {
    await using shop = await openTestOrders()
    const { orderId } = await placed(shop)
    expect(await cancel(shop, orderId, reader)).toMatchObject({ userErrors: [{ code: 'ORDER_NOT_FOUND' }] })
    const done = await cancel(shop, orderId, { principal: operator })
    expect(done.order).toMatchObject({ status: 'CANCELLED', cancelReason: 'OPERATOR' })
  })

  it.each(['O-none', 'gid://orders/Cart/C-1', '', 'x'.repeat(9_000)])(
    'is null for an id that is none %#',
    async (id) => {
      await using shop = await openTestOrders()
      expect(await seeOrder(shop, id)).toBeNull()
    },
  )
})

describe('a cart', () => {
  it('of a customer is theirs alone', async () => {
    await using shop = await openTestOrders()
    const cartId = await filledCart(shop)
    expect(await seeCart(shop, cartId, { principal: bo })).toBeNull()
    expect(await seeCart(shop, cartId, guest)).toBeNull()
    const stolen = await checkout(shop, { cartId, idempotencyKey: 'k' }, { principal: bo })
    expect(stolen).toMatchObject({ order: null, userErrors: [{ code: 'CART_NOT_FOUND' }] })
  })

  it('of a guest becomes the customer’s who goes on with it', async () => {
    await using shop = await openTestOrders()
    const cartId = await filledCart(shop, guest)
    await cartUpdate(shop, { cartId, actions: [{ addLine: { sku: 'MUG-1' } }] })
    expect(await seeCart(shop, cartId, guest)).toBeNull()
    const { order } = await checkout(shop, { cartId, idempotencyKey: 'k' })
    expect(await seeOrder(shop, order?.id ?? '', guest)).toBeNull()
    expect((await seeOrder(shop, order?.id ?? ''))?.id).toBe(order?.id)
  })
})

describe('a customer’s orders', () => {
  it('come newest first, page by page, without gaps or repeats', async () => {
    await using shop = await openTestOrders()
    const ids: string[] = []
    for (let i = 0; i < 5; i++) {
      ids.unshift((await placed(shop)).orderId)
      shop.clock.advance(1_000)
    }
    await placed(shop, {}, { principal: bo })
    const first = await ordersOf(shop, 'CU-ADA', { first: 2 })
    const second = await ordersOf(shop, 'CU-ADA', { first: 3, after: first?.pageInfo.endCursor })
    expect([...(first?.nodes ?? []), ...(second?.nodes ?? [])].map((node) => node.orderId)).toEqual(ids)
    expect([first?.pageInfo.hasNextPage, second?.pageInfo.hasNextPage]).toEqual([true, false])
    expect(first?.totalCount).toBe(5)
  })

  it('are for themselves and for operators who may read', async () => {
    await using shop = await openTestOrders()
    await placed(shop)
    expect((await ordersOf(shop, 'CU-ADA', {}, reader))?.nodes).toHaveLength(1)
    for (const who of [{ principal: bo }, guest, stranger])
      expect(await ordersOf(shop, 'CU-ADA', {}, who)).toBeNull()
  })

  it.each([{ first: 0 }, { first: 101 }, { after: 'nonsense' }])('refuse a page like %j', async (args) => {
    await using shop = await openTestOrders()
    await expect(ordersOf(shop, 'CU-ADA', args)).rejects.toThrow('BAD_REQUEST')
  })
})

describe('everybody’s orders', () => {
  it('come newest first, page by page, and by status as it is now', async () => {
    await using shop = await openTestOrders()
    const ids: string[] = []
    for (let i = 0; i < 5; i++) {
      ids.unshift((await placed(shop, i === 2 ? { paymentToken: 'tok_declined' } : {})).orderId)
      shop.clock.advance(1_000)
    }
    const first = await seeRecent(shop, { first: 3 })
    const second = await seeRecent(shop, { first: 3, after: first.pageInfo.endCursor })
    expect([...first.nodes, ...second.nodes].map((node) => node.orderId)).toEqual(ids)
    expect((await seeRecent(shop, { status: 'CANCELLED' })).nodes).toEqual([{ orderId: ids[2] }])
    expect((await seeRecent(shop, { status: 'CREATED' })).nodes).toEqual([])
    expect((await seeRecent(shop, { status: 'PROCESSED' })).nodes).toHaveLength(4)
  })

  it('are not for customers, nor for operators without the scope', async () => {
    await using shop = await openTestOrders()
    await expect(seeRecent(shop, {}, { principal: ada })).rejects.toThrow('FORBIDDEN')
    await expect(seeRecent(shop, {}, guest)).rejects.toThrow('UNAUTHENTICATED')
    await expect(seeRecent(shop, {}, stranger)).rejects.toThrow('FORBIDDEN')
  })
})

interface Page {
  readonly nodes: readonly { readonly orderId: string }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  readonly totalCount: number | null
}

async function ordersOf(
  shop: TestOrders,
  customerId: string,
  args: object,
  who?: object,
): Promise<Page | null> {
  const query = `query ($them: [_Any!]!, $first: Int = 20, $after: String) {
    _entities(representations: $them) {
      ... on Customer { orders(first: $first, after: $after) { nodes { orderId } pageInfo { hasNextPage endCursor } totalCount } }
    }
  }`
  const them = [{ __typename: 'Customer', customerId }]
  const { data, errors } = await shop.ask(query, { them, ...args }, who)
  if (errors) throw new Error(JSON.stringify(errors))
  // The query above asks for exactly these fields.
  const customers = data?.['_entities'] as readonly { readonly orders: Page | null }[] | undefined
  return customers?.[0]?.orders ?? null
}
