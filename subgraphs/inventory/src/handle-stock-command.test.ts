import { describe, expect, it } from '@jest/globals'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import type { EventStore, Transaction } from '@stoa/platform/event-store'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import { seededRandom } from '@stoa/platform/random'
import type { StockCommand } from './domain/decide.ts'
import { everywhere, line, toItaly } from './domain/goods.fixture.ts'
import { handleStockCommand } from './handle-stock-command.ts'
import { importStock } from './import.ts'
import { readPromise, readStockRow, stockKey } from './store/stock-table.ts'

const meta = { correlationId: 'test' }

/** A store with `count` SKUs of 5 units each, and what was committed to it. */
async function openShop(count: number) {
  const clock = createVirtualClock()
  const store = openMemoryStore({ clock })
  const skus = Array.from({ length: count }, (_, i) => `SKU-${i}`)
  await importStock(
    store,
    skus.map((sku) => ({ sku, levels: [{ locationId: 'DC-MILAN', onHand: 5 }] })),
    { at: 1 },
  )
  const commits: Transaction[] = []
  let failAfter = Number.POSITIVE_INFINITY
  const watched: EventStore = {
    ...store,
    async commit(transaction) {
      if (commits.length >= failAfter) throw new Error('The process died here.')
      commits.push(transaction)
      return await store.commit(transaction)
    },
  }
  const ports = { store: watched, clock, random: seededRandom(3) }
  return {
    ports,
    skus,
    commits,
    dieAfter(more: number): void {
      failAfter = commits.length + more
    },
    reserve(orderId: string): StockCommand {
      const lines = skus.map((sku) => line(sku, 2))
      return {
        kind: 'reserve',
        orderId,
        lines,
        delivery: toItaly,
        locations: everywhere,
        expiresAt: clock.now() + 1000,
      }
    },
    async promises(): Promise<ReadonlySet<number>> {
      return new Set((await store.getMany(skus.map(stockKey))).map(readPromise))
    },
  }
}

describe('handleStockCommand', () => {
  it('changes every SKU, the reservation and its hold in one commit', async () => {
    const shop = await openShop(3)
    await handleStockCommand(shop.ports, { command: shop.reserve('O-ada'), meta })
    expect(shop.commits).toHaveLength(1)
    expect(
      shop.commits[0]?.appends?.map(({ stream, events }) => [stream, events.map(({ type }) => type)]),
    ).toEqual([
      ['stock-SKU-0', ['StockMoved', 'AvailabilityChanged']],
      ['stock-SKU-1', ['StockMoved', 'AvailabilityChanged']],
      ['stock-SKU-2', ['StockMoved', 'AvailabilityChanged']],
      ['reservation-O-ada', ['StockReserved']],
    ])
    expect(shop.commits[0]?.rows?.map(({ table }) => table)).toEqual([
      'stock',
      'stock',
      'stock',
      'reservations',
      'holds',
    ])
    expect(await shop.promises()).toEqual(new Set([3]))
  })

  it('lets one of two orders win when both want the same, however they interleave', async () => {
    const shop = await openShop(3)
    const outcomes = await Promise.all(
      ['O-ada', 'O-bo', 'O-cleo'].map((orderId) =>
        handleStockCommand(shop.ports, { command: shop.reserve(orderId), meta }),
      ),
    )
    const statuses = outcomes.map((outcome) => outcome.ok && outcome.value.reservation.status)
    expect(statuses.sort()).toEqual(['HELD', 'HELD', 'REJECTED'])
    expect(await shop.promises()).toEqual(new Set([1]))
  })

  it('holds 96 SKUs in one commit too, rows and announcements following', async () => {
    const shop = await openShop(96)
    await handleStockCommand(shop.ports, { command: shop.reserve('O-ada'), meta })
    expect(shop.commits[0]?.appends).toHaveLength(97)
    expect(await shop.promises()).toEqual(new Set([3]))
    await handleStockCommand(shop.ports, {
      command: { kind: 'release', orderId: 'O-ada', reason: 'CUSTOMER' },
      meta,
    })
    expect(await shop.promises()).toEqual(new Set([5]))
  })

  it('rejects an order too wide to be held at once', async () => {
    const shop = await openShop(97)
    const outcome = await handleStockCommand(shop.ports, { command: shop.reserve('O-ada'), meta })
    expect(outcome).toMatchObject({ ok: true, value: { reservation: { status: 'REJECTED' } } })
    expect(await shop.promises()).toEqual(new Set([5]))
  })

  it('lets the rows of a wide order follow later when the process died in between', async () => {
    const shop = await openShop(60)
    shop.dieAfter(1)
    await expect(handleStockCommand(shop.ports, { command: shop.reserve('O-ada'), meta })).rejects.toThrow(
      'died',
    )
    expect(await shop.promises()).toEqual(new Set([5]))
    shop.dieAfter(Number.POSITIVE_INFINITY)
    const again = await handleStockCommand(shop.ports, { command: shop.reserve('O-ada'), meta })
    expect(again).toMatchObject({ ok: true, value: { changed: false, reservation: { status: 'HELD' } } })
    expect(await shop.promises()).toEqual(new Set([3]))
  })

  it('decides on the stream where a row is behind it', async () => {
    const shop = await openShop(60)
    shop.dieAfter(1)
    await expect(handleStockCommand(shop.ports, { command: shop.reserve('O-ada'), meta })).rejects.toThrow(
      'died',
    )
    shop.dieAfter(Number.POSITIVE_INFINITY)
    const small: StockCommand = { ...reserveOf(shop.reserve('O-bo')), lines: [line('SKU-0', 4)] }
    const outcome = await handleStockCommand(shop.ports, { command: small, meta })
    expect(outcome).toMatchObject({ ok: true, value: { reservation: { status: 'REJECTED' } } })
  })

  it('answers an adjustment under the same key the same, and refuses another under it', async () => {
    const shop = await openShop(1)
    const adjust = {
      kind: 'adjust',
      reference: 'operator:cleo',
      sku: 'SKU-0',
      locationId: 'DC-MILAN',
    } as const
    const toNine: StockCommand = { ...adjust, onHand: 9, compareOnHand: 5, reason: 'found', now: 10 }
    const idempotency = { scope: 'operator:cleo/stockAdjust', key: 'k-1', requestHash: 'a' }
    const [first, second] = await Promise.all([
      handleStockCommand(shop.ports, { command: toNine, meta, idempotency }),
      handleStockCommand(shop.ports, { command: toNine, meta, idempotency }),
    ])
    expect(first).toEqual(second)
    const row = await shop.ports.store.get(stockKey('SKU-0'))
    expect(readStockRow(row).stock.levels.get('DC-MILAN')).toMatchObject({ available: 9 })
    const other = await handleStockCommand(shop.ports, {
      command: toNine,
      meta,
      idempotency: { ...idempotency, requestHash: 'b' },
    })
    expect(other).toMatchObject({ ok: false, error: { code: 'IDEMPOTENCY_KEY_REUSED' } })
  })
})

function reserveOf(command: StockCommand): Extract<StockCommand, { kind: 'reserve' }> {
  if (command.kind !== 'reserve') throw new Error('Expected a reserve.')
  return command
}
