import { describe, expect, it } from '@jest/globals'
import { type Adjust, adjust } from './adjust.ts'
import type { Count } from './count.ts'
import type { World } from './decision.ts'
import { everywhere, levelOf, line, milan, run, stockOf, toItaly, worldOf } from './goods.fixture.ts'

function boHolds(quantity: number, onHand: number): World {
  const world = worldOf(stockOf({ TEE: { 'DC-MILAN': onHand } }))
  const reserve = { kind: 'reserve', orderId: 'O-bo', delivery: toItaly, locations: everywhere } as const
  return run(world, { ...reserve, lines: [line('TEE', quantity)], expiresAt: 1000 }).world
}

function counted(units: number, countedAt: number): Count {
  return {
    kind: 'count',
    reference: `count-${countedAt}`,
    sku: 'TEE',
    locationId: 'DC-MILAN',
    counted: units,
    countedAt,
  }
}

describe('count', () => {
  it('takes in what was found and writes off what was lost', () => {
    const more = run(boHolds(2, 5), counted(9, 10))
    expect(levelOf(more.world, 'TEE', milan)).toMatchObject({
      available: 7,
      reserved: 2,
      missing: 0,
      shelfAt: 10,
    })
    const less = run(more.world, counted(3, 11))
    expect(levelOf(less.world, 'TEE', milan)).toMatchObject({
      available: 1,
      reserved: 2,
      missing: 0,
      shelfAt: 11,
    })
  })

  it('tells of units that orders hold and nobody finds, and takes no reservation away', () => {
    const short = run(boHolds(4, 5), counted(1, 10))
    expect(levelOf(short.world, 'TEE', milan)).toMatchObject({ available: 0, reserved: 4, missing: 3 })
    expect(short.stock.get('TEE')?.at(-1)).toEqual({
      type: 'ShelfCounted',
      data: { sku: 'TEE', locationId: 'DC-MILAN', counted: 1, reserved: 4, missing: 3, countedAt: 10 },
    })
  })

  it('passes over a count that is older than the last look at the shelf, and one told twice', () => {
    const world = run(boHolds(2, 5), counted(5, 10)).world
    expect(run(world, counted(99, 10)).world).toEqual(world)
    expect(run(world, counted(99, 9)).world).toEqual(world)
  })

  it('passes over a count taken before a shipment left', () => {
    const { world } = run(boHolds(2, 5), {
      kind: 'ship',
      orderId: 'O-bo',
      shipmentId: 'O-bo-1',
      locationId: 'DC-MILAN',
      lines: [line('TEE', 2)],
      shippedAt: 20,
    })
    expect(run(world, counted(5, 15)).world).toEqual(world)
  })
})

describe('adjust', () => {
  const toTen: Adjust = {
    kind: 'adjust',
    reference: 'operator:cleo',
    sku: 'TEE',
    locationId: 'DC-MILAN',
    onHand: 10,
    compareOnHand: 5,
    reason: 'found behind the shelf',
    now: 10,
  }

  it('sets what is on hand, reserved units included', () => {
    const adjusted = run(boHolds(2, 5), toTen)
    expect(levelOf(adjusted.world, 'TEE', milan)).toMatchObject({ available: 8, reserved: 2, shelfAt: 10 })
    expect(adjusted.stock.get('TEE')?.[0]?.data).toMatchObject({
      movement: 'ADJUSTED',
      reason: 'found behind the shelf',
      postings: [{ locationId: 'DC-MILAN', from: 'ADJUSTMENT', to: 'AVAILABLE', quantity: 5 }],
    })
  })

  it('is refused when the stock is not what the caller saw', () => {
    const refused = adjust(boHolds(2, 6), toTen)
    expect(refused).toMatchObject({ ok: false, error: { code: 'STOCK_CHANGED', onHand: 6 } })
  })

  it('is refused when orders hold more', () => {
    const refused = adjust(boHolds(2, 5), { ...toTen, onHand: 1 })
    expect(refused).toMatchObject({ ok: false, error: { code: 'BELOW_RESERVED', reserved: 2 } })
  })
})
