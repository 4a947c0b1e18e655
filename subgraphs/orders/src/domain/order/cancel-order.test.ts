import { describe, expect, it } from '@jest/globals'
import { adaOrder, cancelAsked, cancelled, cancelledUnpaid, given, stories } from './ada-order.fixture.ts'

const ada = { kind: 'customer', customerId: 'CU-ADA' } as const
const bo = { kind: 'customer', customerId: 'CU-BO' } as const
const byAda = { type: 'cancelOrder', viewer: ada, reason: 'too small' } as const

describe('cancelOrder', () => {
  it('ends a created order at once', () => {
    expect(given(...stories.created).when(byAda)).toEqual({ ok: true, value: [cancelledUnpaid] })
  })

  it('ends a processed order and names the payment to give back', () => {
    expect(given(...stories.processed).when(byAda)).toEqual({ ok: true, value: [cancelled] })
  })

  it('asks the warehouses once they have it', () => {
    expect(given(...stories.prepared).when(byAda)).toEqual({ ok: true, value: [cancelAsked] })
  })

  it.each(['cancelAsked', 'cancelled', 'cancelledUnpaid'] as const)(
    'asked again changes nothing when %s',
    (story) => {
      expect(given(...stories[story]).when(byAda)).toEqual({ ok: true, value: [] })
    },
  )

  it.each([
    ['partlyShipped', 'PARTLY_SHIPPED'],
    ['fulfilled', 'FULFILLED'],
  ] as const)('is refused when %s, with the status', (story, status) => {
    const decided = given(...stories[story]).when(byAda)
    expect(decided).toMatchObject({ ok: false, error: { code: 'ORDER_NOT_CANCELLABLE', status } })
  })

  it('does not say that somebody else’s order exists', () => {
    const unknown = given().when(byAda)
    expect(given(...stories.created).when({ ...byAda, viewer: bo })).toEqual(unknown)
    expect(given(...stories.created).when({ ...byAda, viewer: { kind: 'holder' } })).toEqual(unknown)
    expect(unknown).toMatchObject({ ok: false, error: { code: 'ORDER_NOT_FOUND' } })
  })

  it('is for whoever holds the id of a guest’s order', () => {
    const { customerId: _nobody, ...guest } = adaOrder
    const decided = given({ type: 'OrderCreated', data: guest }).when({
      ...byAda,
      viewer: { kind: 'holder' },
    })
    expect(decided).toEqual({ ok: true, value: [cancelledUnpaid] })
  })

  it('is for an operator who may write', () => {
    const write = { kind: 'operator', mayRead: true, mayWrite: true } as const
    const data = { orderId: 'O-1', reason: 'OPERATOR' }
    const decided = given(...stories.created).when({ ...byAda, viewer: write })
    expect(decided).toEqual({ ok: true, value: [{ type: 'OrderCancelled', data }] })
    const reader = given(...stories.created).when({ ...byAda, viewer: { ...write, mayWrite: false } })
    expect(reader).toMatchObject({ ok: false, error: { code: 'ORDER_NOT_FOUND' } })
  })
})
