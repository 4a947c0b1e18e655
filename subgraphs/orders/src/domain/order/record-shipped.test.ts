import { describe, expect, it } from '@jest/globals'
import {
  cancelAskedFor,
  cancelRefused,
  firstShipped,
  firstStopped,
  fulfilled,
  given,
  notice,
  prepared,
  secondShipped,
  secondStopped,
  stories,
} from './ada-order.fixture.ts'

const ship = (shipmentId: string) => ({ type: 'recordShipped' as const, shipmentId, ...notice })

describe('recordShipped', () => {
  it('sends one of two', () => {
    expect(given(...stories.prepared).when(ship('O-1-1'))).toEqual({ ok: true, value: [firstShipped] })
  })

  it('fulfils the order with the last one', () => {
    const decided = given(...stories.partlyShipped).when(ship('O-1-2'))
    expect(decided).toEqual({ ok: true, value: [secondShipped, fulfilled] })
  })

  it.each(['partlyShipped', 'fulfilled', 'captured'] as const)(
    'heard twice changes nothing when %s',
    (story) => {
      expect(given(...stories[story]).when(ship('O-1-1'))).toEqual({ ok: true, value: [] })
    },
  )

  it('refuses the wish to cancel, and the order goes on', () => {
    const decided = given(...stories.cancelAsked).when(ship('O-1-1'))
    expect(decided).toEqual({ ok: true, value: [firstShipped, cancelRefused] })
  })

  it('prepares again what was stopped already, so that the customer gets all of it', () => {
    const decided = given(...stories.cancelAsked, secondStopped).when(ship('O-1-1'))
    const again = prepared('O-1-3', 'ST-TURIN', [{ lineId: 'L2', sku: 'MUG-1', quantity: 1 }])
    expect(decided).toEqual({ ok: true, value: [firstShipped, cancelRefused, again] })
  })

  it('fulfils an order of one parcel that should have been stopped', () => {
    const all = [
      { lineId: 'L1', sku: 'TEE-1', quantity: 2 },
      { lineId: 'L2', sku: 'MUG-1', quantity: 1 },
    ]
    const asked = cancelAskedFor('O-1-1')
    const decided = given(...stories.processed, prepared('O-1-1', 'DC-MILAN', all), asked).when(ship('O-1-1'))
    const types = decided.ok ? decided.value.map((event) => event.type) : []
    expect(types).toEqual(['ShipmentProcessed', 'OrderCancellationRefused', 'OrderFulfilled'])
  })

  it('fulfils the order with the replacement of a stopped shipment', () => {
    const again = prepared('O-1-3', 'DC-MILAN', [{ lineId: 'L1', sku: 'TEE-1', quantity: 2 }])
    const decided = given(...stories.prepared, firstStopped, again, secondShipped).when(ship('O-1-3'))
    expect(decided).toMatchObject({
      ok: true,
      value: [{ type: 'ShipmentProcessed' }, { type: 'OrderFulfilled' }],
    })
  })

  it.each([
    ['created', 'TOO_EARLY'],
    ['processed', 'TOO_EARLY'],
    ['cancelled', 'SHIPMENT_UNKNOWN'],
  ] as const)('is refused when %s: %s', (story, code) => {
    expect(given(...stories[story]).when(ship('O-1-1'))).toMatchObject({ ok: false, error: { code } })
  })

  it('calls for a person when a stopped shipment left', () => {
    const decided = given(...stories.cancelAsked, firstStopped).when(ship('O-1-1'))
    expect(decided).toMatchObject({ ok: false, error: { code: 'SHIPPED_AFTER_CANCELLED' } })
  })
})
