import { describe, expect, it } from '@jest/globals'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import type { EventStore } from '@stoa/platform/event-store'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import { everywhere, milan } from './domain/goods.fixture.ts'
import { importLocations, importStock } from './import.ts'
import { loadLocations } from './store/location-table.ts'
import { readStockRow, stockKey } from './store/stock-table.ts'

const at = 1000
const tee = { sku: 'TEE', levels: [{ locationId: 'DC-MILAN', onHand: 5, safetyStock: 1 }] }

function openStore(): EventStore {
  return openMemoryStore({ clock: createVirtualClock() })
}

describe('importLocations', () => {
  it('writes what is new or different, and tells it', async () => {
    await using store = openStore()
    expect(await importLocations(store, everywhere, { at })).toEqual({ written: 4, skipped: 0 })
    const renamed = everywhere.map((location) =>
      location === milan ? { ...milan, name: 'Milano' } : location,
    )
    expect(await importLocations(store, renamed, { at })).toEqual({ written: 1, skipped: 3 })
    expect((await loadLocations(store)).map(({ name }) => name)).toEqual([
      'DC-LEIPZIG',
      'Milano',
      'ST-BERLIN',
      'ST-ROME',
    ])
    expect(await store.load('location-DC-MILAN')).toMatchObject([
      { type: 'LocationChanged', data: { name: 'DC-MILAN', country: 'IT' }, meta: { imported: true } },
      { type: 'LocationChanged', data: { name: 'Milano' } },
    ])
  })

  it('refuses all of it with every problem named', async () => {
    await using store = openStore()
    const bad = {
      ...milan,
      latitude: 91,
      timeZone: 'Europe/Atlantis',
      openingHours: [{ weekday: 8, opens: '9:00', closes: '12:00' }],
    }
    await expect(importLocations(store, [milan, bad])).rejects.toThrow(
      /4 problems: .*named twice.*latitude −90.*"Europe\/Atlantis".*weekday 1 to 7/,
    )
    expect(await loadLocations(store)).toEqual([])
  })
})

describe('importStock', () => {
  it('opens a ledger that sums to what is on hand, as history', async () => {
    await using store = openStore()
    expect(await importStock(store, [tee], { at })).toEqual({ written: 1, skipped: 0 })
    expect(await store.load('stock-TEE')).toMatchObject([
      {
        type: 'StockMoved',
        at,
        data: { movement: 'OPENED', postings: [{ from: 'SUPPLIER', to: 'AVAILABLE', quantity: 5 }] },
      },
      { type: 'SafetyStockChanged', data: { levels: [{ locationId: 'DC-MILAN', units: 1 }] } },
      { type: 'AvailabilityChanged', data: { sku: 'TEE', availableToPromise: 4 }, meta: { imported: true } },
    ])
    const { stock, version } = readStockRow(await store.get(stockKey('TEE')))
    expect(version).toBe(3)
    expect(stock.levels.get('DC-MILAN')).toMatchObject({ available: 5, reserved: 0, safety: 1 })
  })

  it('leaves ledgers alone that have begun', async () => {
    await using store = openStore()
    await importStock(store, [tee], { at })
    const more = [
      { ...tee, levels: [{ locationId: 'DC-MILAN', onHand: 99 }] },
      { ...tee, sku: 'MUG' },
    ]
    expect(await importStock(store, more, { at })).toEqual({ written: 1, skipped: 1 })
    expect(await store.load('stock-TEE')).toHaveLength(3)
  })

  it('refuses half units, less than nothing and names given twice', async () => {
    await using store = openStore()
    const levels = [
      { locationId: 'DC-MILAN', onHand: 1.5 },
      { locationId: 'DC-MILAN', onHand: -1 },
    ]
    await expect(importStock(store, [{ sku: 'TEE', levels }, tee])).rejects.toThrow(/4 problems/)
    expect(await store.load('stock-TEE')).toEqual([])
  })
})
