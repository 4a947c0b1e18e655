import { describe, expect, it } from '@jest/globals'
import type { World } from './decision.ts'
import { everywhere, levelOf, line, milan, run, stockOf, toItaly, worldOf } from './goods.fixture.ts'

const WEEK = 1000

function adaHolds(quantity: number, onHand: number): World {
  return run(worldOf(stockOf({ TEE: { 'DC-MILAN': onHand } })), {
    kind: 'reserve',
    orderId: 'O-ada',
    lines: [line('TEE', quantity)],
    delivery: toItaly,
    locations: everywhere,
    expiresAt: WEEK,
  }).world
}

describe('release', () => {
  it('gives back what is held', () => {
    const released = run(adaHolds(2, 5), { kind: 'release', orderId: 'O-ada', reason: 'CUSTOMER' })
    expect(released.facts).toEqual([
      { type: 'StockReleased', data: { orderId: 'O-ada', reason: 'CUSTOMER' } },
    ])
    expect(levelOf(released.world, 'TEE', milan)).toMatchObject({ available: 5, reserved: 0 })
    expect(released.world.reservation).toEqual({ status: 'RELEASED', shipments: [] })
  })

  it('gives back once', () => {
    const released = run(adaHolds(2, 5), { kind: 'release', orderId: 'O-ada', reason: 'CUSTOMER' })
    const again = run(released.world, { kind: 'release', orderId: 'O-ada', reason: 'CUSTOMER' })
    expect(again.world).toEqual(released.world)
    expect(again.facts).toEqual([])
  })

  it('leaves a tombstone where nothing was held yet', () => {
    const world = worldOf(stockOf({ TEE: { 'DC-MILAN': 5 } }))
    const released = run(world, { kind: 'release', orderId: 'O-ada', reason: 'PAYMENT_DECLINED' })
    expect(released.world.reservation).toEqual({ status: 'RELEASED', shipments: [] })
    expect(released.stock.size).toBe(0)
  })

  it('writes off units a count did not find before any become available', () => {
    const counted = run(adaHolds(4, 5), {
      kind: 'count',
      reference: 'count-1',
      sku: 'TEE',
      locationId: 'DC-MILAN',
      counted: 1,
      countedAt: 10,
    })
    const released = run(counted.world, { kind: 'release', orderId: 'O-ada', reason: 'CUSTOMER' })
    expect(levelOf(released.world, 'TEE', milan)).toMatchObject({ available: 1, reserved: 0, missing: 0 })
  })
})

describe('expire', () => {
  it('gives back what lapsed', () => {
    const expired = run(adaHolds(2, 5), { kind: 'expire', orderId: 'O-ada', now: WEEK })
    expect(expired.facts).toEqual([{ type: 'StockReleased', data: { orderId: 'O-ada', reason: 'EXPIRED' } }])
    expect(expired.stock.get('TEE')?.[0]?.data).toMatchObject({ movement: 'EXPIRED' })
    expect(levelOf(expired.world, 'TEE', milan)).toMatchObject({ available: 5, reserved: 0 })
  })

  it('leaves alone what has not lapsed, and what is kept', () => {
    const held = adaHolds(2, 5)
    expect(run(held, { kind: 'expire', orderId: 'O-ada', now: WEEK - 1 }).world).toEqual(held)
    const kept = run(held, { kind: 'keep', orderId: 'O-ada' }).world
    expect(run(kept, { kind: 'expire', orderId: 'O-ada', now: WEEK }).world).toEqual(kept)
  })
})
