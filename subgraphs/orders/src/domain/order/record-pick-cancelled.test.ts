import { describe, expect, it } from '@jest/globals'
import {
  cancelled,
  cancelRefused,
  firstStopped,
  given,
  prepared,
  secondStopped,
  stories,
} from './ada-order.fixture.ts'

const stop = (shipmentId: string) => ({ type: 'recordPickCancelled' as const, shipmentId })
const shirtsAgain = prepared('O-1-3', 'DC-MILAN', [{ lineId: 'L1', sku: 'TEE-1', quantity: 2 }])

describe('recordPickCancelled', () => {
  it('waits for the other warehouse', () => {
    expect(given(...stories.cancelAsked).when(stop('O-1-1'))).toEqual({ ok: true, value: [firstStopped] })
  })

  it('ends the order with the last one', () => {
    const decided = given(...stories.cancelAsked, firstStopped).when(stop('O-1-2'))
    expect(decided).toEqual({ ok: true, value: [secondStopped, cancelled] })
  })

  it('heard twice changes nothing, even after the end', () => {
    const once = given(...stories.cancelAsked, firstStopped)
    expect(once.when(stop('O-1-1'))).toEqual({ ok: true, value: [] })
    const ended = given(...stories.cancelAsked, firstStopped, secondStopped, cancelled)
    expect(ended.when(stop('O-1-1'))).toEqual({ ok: true, value: [] })
  })

  it('prepares again what was stopped after the wish to cancel had been refused', () => {
    const decided = given(...stories.cancelAsked, cancelRefused).when(stop('O-1-1'))
    expect(decided).toEqual({ ok: true, value: [firstStopped, shirtsAgain] })
  })

  it.each([
    ['created', 'TOO_EARLY'],
    ['processed', 'TOO_EARLY'],
    ['partlyShipped', 'PICK_CANCELLED_AFTER_SHIPPED'],
    ['cancelled', 'SHIPMENT_UNKNOWN'],
  ] as const)('is refused when %s: %s', (story, code) => {
    expect(given(...stories[story]).when(stop('O-1-1'))).toMatchObject({ ok: false, error: { code } })
  })
})
