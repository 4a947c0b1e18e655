import { describe, expect, it } from '@jest/globals'
import { everywhere, leipzig, levelOf, line, milan, run, stockOf, toItaly, worldOf } from './goods.fixture.ts'
import type { Reserve } from './reserve.ts'

const adasOrder: Reserve = {
  kind: 'reserve',
  orderId: 'O-ada',
  lines: [line('TEE', 2), line('MUG', 1)],
  delivery: toItaly,
  locations: everywhere,
  expiresAt: 1000,
}

describe('reserve', () => {
  it('holds every line and tells where', () => {
    const world = worldOf(stockOf({ TEE: { 'DC-MILAN': 5 }, MUG: { 'DC-MILAN': 1 } }))
    const held = run(world, adasOrder)
    const allocations = [{ locationId: 'DC-MILAN', lines: adasOrder.lines }]
    expect(held.facts).toEqual([{ type: 'StockReserved', data: { orderId: 'O-ada', allocations } }])
    expect(held.world.reservation).toEqual({
      status: 'HELD',
      held: allocations,
      shipments: [],
      expiresAt: 1000,
    })
    expect(levelOf(held.world, 'TEE', milan)).toMatchObject({ available: 3, reserved: 2 })
    expect(levelOf(held.world, 'MUG', milan)).toMatchObject({ available: 0, reserved: 1 })
  })

  it('holds nothing when one line is short, and tells which', () => {
    const world = worldOf(stockOf({ TEE: { 'DC-MILAN': 5 }, MUG: {} }))
    const rejected = run(world, adasOrder)
    const shortages = [{ sku: 'MUG', requested: 1, available: 0 }]
    expect(rejected.facts).toEqual([{ type: 'StockRejected', data: { orderId: 'O-ada', shortages } }])
    expect(rejected.stock.size).toBe(0)
    expect(rejected.world.reservation).toEqual({ status: 'REJECTED' })
  })

  it('counts two lines of one SKU together', () => {
    const lines = [line('TEE', 2, 'a'), line('TEE', 2, 'b')]
    const enough = run(worldOf(stockOf({ TEE: { 'DC-MILAN': 3, 'DC-LEIPZIG': 1 } })), { ...adasOrder, lines })
    expect(enough.facts).toEqual([
      {
        type: 'StockReserved',
        data: {
          orderId: 'O-ada',
          allocations: [
            { locationId: 'DC-MILAN', lines: [line('TEE', 2, 'a'), line('TEE', 1, 'b')] },
            { locationId: 'DC-LEIPZIG', lines: [line('TEE', 1, 'b')] },
          ],
        },
      },
    ])
    expect(levelOf(enough.world, 'TEE', milan)).toMatchObject({ available: 0, reserved: 3 })
    expect(levelOf(enough.world, 'TEE', leipzig)).toMatchObject({ available: 0, reserved: 1 })
    const short = run(worldOf(stockOf({ TEE: { 'DC-MILAN': 3 } })), { ...adasOrder, lines })
    expect(short.facts[0]?.data).toMatchObject({ shortages: [{ sku: 'TEE', requested: 4, available: 3 }] })
  })

  it('does nothing a second time', () => {
    const first = run(worldOf(stockOf({ TEE: { 'DC-MILAN': 5 }, MUG: { 'DC-MILAN': 5 } })), adasOrder)
    expect(run(first.world, adasOrder)).toMatchObject({ facts: [], stock: new Map(), world: first.world })
  })

  it('does nothing after a release that came first', () => {
    const world = worldOf(stockOf({ TEE: { 'DC-MILAN': 5 }, MUG: { 'DC-MILAN': 5 } }))
    const released = run(world, { kind: 'release', orderId: 'O-ada', reason: 'CUSTOMER' })
    const late = run(released.world, adasOrder)
    expect(late.facts).toEqual([])
    expect(late.world).toEqual(released.world)
  })

  it('takes a quantity below one for a bug', () => {
    const world = worldOf(stockOf({ TEE: { 'DC-MILAN': 5 } }))
    expect(() => run(world, { ...adasOrder, lines: [line('TEE', 0)] })).toThrow('asks for 0 units')
  })
})
