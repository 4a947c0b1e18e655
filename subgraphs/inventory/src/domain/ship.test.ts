import { describe, expect, it } from '@jest/globals'
import type { World } from './decision.ts'
import { everywhere, leipzig, levelOf, line, milan, run, stockOf, toItaly, worldOf } from './goods.fixture.ts'
import type { Ship } from './ship.ts'

const lines = [line('TEE', 3)]
const fromMilan: Ship = {
  kind: 'ship',
  orderId: 'O-ada',
  shipmentId: 'O-ada-1',
  locationId: 'DC-MILAN',
  lines: [line('TEE', 2)],
  shippedAt: 50,
}
const fromLeipzig: Ship = {
  ...fromMilan,
  shipmentId: 'O-ada-2',
  locationId: 'DC-LEIPZIG',
  lines: [line('TEE', 1)],
}

function adaHoldsInTwoPlaces(): World {
  const world = worldOf(stockOf({ TEE: { 'DC-MILAN': 2, 'DC-LEIPZIG': 2 } }))
  const reserve = {
    kind: 'reserve',
    orderId: 'O-ada',
    lines,
    delivery: toItaly,
    locations: everywhere,
  } as const
  return run(world, { ...reserve, expiresAt: 1000 }).world
}

describe('ship', () => {
  it('takes from what the order holds there, and ends the reservation with the last shipment', () => {
    const first = run(adaHoldsInTwoPlaces(), fromMilan)
    expect(first.world.reservation).toMatchObject({ status: 'HELD', shipments: ['O-ada-1'] })
    expect(levelOf(first.world, 'TEE', milan)).toMatchObject({ available: 0, reserved: 0, shelfAt: 50 })
    expect(levelOf(first.world, 'TEE', leipzig)).toMatchObject({ available: 1, reserved: 1 })
    const second = run(first.world, fromLeipzig)
    expect(second.world.reservation).toEqual({ status: 'SHIPPED', shipments: ['O-ada-1', 'O-ada-2'] })
    expect(levelOf(second.world, 'TEE', leipzig)).toMatchObject({ available: 1, reserved: 0 })
  })

  it('takes each shipment once', () => {
    const shipped = run(adaHoldsInTwoPlaces(), fromMilan)
    expect(run(shipped.world, fromMilan).world).toEqual(shipped.world)
  })

  it('gives back only the rest when a partly shipped order ends', () => {
    const shipped = run(adaHoldsInTwoPlaces(), fromMilan)
    const released = run(shipped.world, { kind: 'release', orderId: 'O-ada', reason: 'OPERATOR' })
    expect(levelOf(released.world, 'TEE', milan)).toMatchObject({ available: 0, reserved: 0 })
    expect(levelOf(released.world, 'TEE', leipzig)).toMatchObject({ available: 2, reserved: 0 })
  })

  it('takes what left without a hold from what is free, then from units nobody knew of', () => {
    const world = worldOf(stockOf({ TEE: { 'DC-MILAN': 1 } }))
    const shipped = run(world, fromMilan)
    expect(shipped.stock.get('TEE')?.[0]?.data).toMatchObject({
      postings: [
        { from: 'AVAILABLE', to: 'CUSTOMER', quantity: 1 },
        { from: 'ADJUSTMENT', to: 'CUSTOMER', quantity: 1 },
      ],
    })
    expect(levelOf(shipped.world, 'TEE', milan)).toMatchObject({ available: 0, reserved: 0 })
    expect(shipped.world.reservation).toEqual({ status: 'SHIPPED', shipments: ['O-ada-1'] })
  })
})
