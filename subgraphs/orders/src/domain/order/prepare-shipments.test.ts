import { describe, expect, it } from '@jest/globals'
import { allocations, first, given, second, stories } from './ada-order.fixture.ts'

const prepare = { type: 'prepareShipments', allocations } as const

describe('prepareShipments', () => {
  it('makes one shipment per location', () => {
    expect(given(...stories.processed).when(prepare)).toEqual({ ok: true, value: [first, second] })
  })

  it.each(['prepared', 'partlyShipped', 'fulfilled', 'cancelAsked', 'cancelled'] as const)(
    'heard twice or late changes nothing when %s',
    (story) => {
      expect(given(...stories[story]).when(prepare)).toEqual({ ok: true, value: [] })
    },
  )

  it('waits for the payment', () => {
    expect(given(...stories.created).when(prepare)).toMatchObject({ ok: false, error: { code: 'TOO_EARLY' } })
  })

  it.each([
    ['too little', [{ locationId: 'DC-MILAN', lines: [{ lineId: 'L1', sku: 'TEE-1', quantity: 2 }] }]],
    [
      'something else',
      [...allocations, { locationId: 'DC-ROME', lines: [{ lineId: 'L9', sku: 'HAT-1', quantity: 1 }] }],
    ],
    ['nothing from a location', [...allocations, { locationId: 'DC-ROME', lines: [] }]],
    ['none', []],
  ])('refuses stock that is not the order: %s', (_, wrong) => {
    const decided = given(...stories.processed).when({ type: 'prepareShipments', allocations: wrong })
    expect(decided).toMatchObject({ ok: false, error: { code: 'ALLOCATION_MISMATCH' } })
  })
})
