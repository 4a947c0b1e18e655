import { describe, expect, it } from '@jest/globals'
import { distanceKm } from './distance.ts'
import { berlin, milan, rome } from './goods.fixture.ts'
import { isOpenAt } from './location.ts'

describe('isOpenAt', () => {
  const romeStore = {
    timeZone: 'Europe/Rome',
    openingHours: [
      { weekday: 1, opens: '09:00', closes: '13:00' },
      { weekday: 1, opens: '15:30', closes: '24:00' },
    ],
  }

  it('goes by the wall clock of the place, in summer and in winter', () => {
    expect(isOpenAt(romeStore, Date.UTC(2026, 0, 5, 8, 0))).toBe(true)
    expect(isOpenAt(romeStore, Date.UTC(2026, 0, 5, 7, 59))).toBe(false)
    expect(isOpenAt(romeStore, Date.UTC(2026, 6, 6, 7, 0))).toBe(true)
    expect(isOpenAt(romeStore, Date.UTC(2026, 6, 6, 6, 59))).toBe(false)
  })

  it('is closed in the break, on the minute it closes, and on days without hours', () => {
    expect(isOpenAt(romeStore, Date.UTC(2026, 0, 5, 12, 0))).toBe(false)
    expect(isOpenAt(romeStore, Date.UTC(2026, 0, 5, 14, 30))).toBe(true)
    expect(isOpenAt(romeStore, Date.UTC(2026, 0, 5, 22, 59))).toBe(true)
    expect(isOpenAt(romeStore, Date.UTC(2026, 0, 5, 23, 0))).toBe(false)
    expect(isOpenAt(romeStore, Date.UTC(2026, 0, 6, 9, 0))).toBe(false)
  })
})

describe('distanceKm', () => {
  it('is the great-circle distance', () => {
    expect(distanceKm(milan, rome)).toBeCloseTo(477, 0)
    expect(distanceKm(rome, milan)).toBeCloseTo(477, 0)
    expect(distanceKm(berlin, berlin)).toBe(0)
    expect(distanceKm({ latitude: 0, longitude: 0 }, { latitude: 0, longitude: 180 })).toBeCloseTo(20_015, 0)
  })
})
