import { describe, expect, it } from '@jest/globals'
import { cancelRefused, firstStopped, given, prepared, secondStopped, stories } from './ada-order.fixture.ts'

const refused = { type: 'recordPickCancellationRefused', shipmentId: 'O-1-1' } as const

describe('recordPickCancellationRefused', () => {
  it('lets the order go on', () => {
    expect(given(...stories.cancelAsked).when(refused)).toEqual({ ok: true, value: [cancelRefused] })
  })

  it('prepares again what another warehouse stopped', () => {
    const again = prepared('O-1-3', 'ST-TURIN', [{ lineId: 'L2', sku: 'MUG-1', quantity: 1 }])
    const decided = given(...stories.cancelAsked, secondStopped).when(refused)
    expect(decided).toEqual({ ok: true, value: [cancelRefused, again] })
  })

  it.each(['prepared', 'partlyShipped', 'fulfilled'] as const)('changes nothing when %s', (story) => {
    expect(given(...stories[story]).when(refused)).toEqual({ ok: true, value: [] })
  })

  it('waits until the shipment is prepared', () => {
    expect(given(...stories.processed).when(refused)).toMatchObject({
      ok: false,
      error: { code: 'TOO_EARLY' },
    })
  })

  it('does not know a shipment of somebody else', () => {
    const decided = given(...stories.cancelAsked).when({ ...refused, shipmentId: 'O-9-1' })
    expect(decided).toMatchObject({ ok: false, error: { code: 'SHIPMENT_UNKNOWN' } })
  })

  it('calls for a person when the shipment had been stopped', () => {
    const decided = given(...stories.cancelAsked, firstStopped).when(refused)
    expect(decided).toMatchObject({ ok: false, error: { code: 'SHIPPED_AFTER_CANCELLED' } })
  })
})
