import { describe, expect, it } from '@jest/globals'
import { createVirtualClock, type VirtualClock } from '@stoa/platform/clock.virtual'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import type { CommandPorts } from '@stoa/platform/handle-command'
import { silentLog } from '@stoa/platform/log'
import { seededRandom } from '@stoa/platform/random'
import { shardOf } from '@stoa/platform/shard'
import { everywhere, line, toItaly } from './domain/goods.fixture.ts'
import { handleStockCommand } from './handle-stock-command.ts'
import { startHoldSweep, sweepHolds } from './hold-sweep.ts'
import { importStock } from './import.ts'
import { readPromise, stockKey } from './store/stock-table.ts'

const HOUR = 3_600_000
const meta = { correlationId: 'test' }

async function openShop(): Promise<CommandPorts & { readonly clock: VirtualClock }> {
  const clock = createVirtualClock()
  const ports = { clock, store: openMemoryStore({ clock }), random: seededRandom(5) }
  await importStock(ports.store, [{ sku: 'TEE', levels: [{ locationId: 'DC-MILAN', onHand: 1000 }] }], {
    at: 1,
  })
  await sweepHolds(ports)
  return ports
}

async function hold(ports: CommandPorts, orderId: string, forMs: number): Promise<void> {
  const of = { delivery: toItaly, locations: everywhere, expiresAt: ports.clock.now() + forMs }
  await handleStockCommand(ports, {
    command: { kind: 'reserve', orderId, lines: [line('TEE', 1)], ...of },
    meta,
  })
}

async function promised({ store }: CommandPorts): Promise<number> {
  return readPromise(await store.get(stockKey('TEE')))
}

describe('sweepHolds', () => {
  it('gives back what lapsed and nothing else', async () => {
    const shop = await openShop()
    await hold(shop, 'O-ada', HOUR)
    await hold(shop, 'O-bo', 5 * HOUR)
    expect(await sweepHolds(shop)).toBe(0)
    shop.clock.advance(HOUR)
    expect(await sweepHolds(shop)).toBe(1)
    expect(await promised(shop)).toBe(999)
    expect(await sweepHolds(shop)).toBe(0)
  })

  it('leaves orders alone that went on, shipped or ended', async () => {
    const shop = await openShop()
    for (const orderId of ['O-ada', 'O-bo']) await hold(shop, orderId, HOUR)
    await handleStockCommand(shop, { command: { kind: 'keep', orderId: 'O-ada' }, meta })
    await handleStockCommand(shop, {
      command: { kind: 'release', orderId: 'O-bo', reason: 'CUSTOMER' },
      meta,
    })
    shop.clock.advance(10 * HOUR)
    expect(await sweepHolds(shop)).toBe(0)
    expect(await promised(shop)).toBe(999)
  })

  it('keeps what lapsed for its order until it is swept, and then gives it back once', async () => {
    const shop = await openShop()
    await hold(shop, 'O-ada', HOUR)
    shop.clock.advance(100 * HOUR)
    expect(await promised(shop)).toBe(999)
    await handleStockCommand(shop, { command: { kind: 'keep', orderId: 'O-ada' }, meta })
    expect(await sweepHolds(shop)).toBe(0)
    expect(await promised(shop)).toBe(999)
  })

  it('gives nothing back by the loss of the row that says when', async () => {
    const shop = await openShop()
    await hold(shop, 'O-ada', HOUR)
    const at = shop.clock.now() + HOUR
    const lost = {
      table: 'holds',
      partition: shardOf(String(Math.floor(at / HOUR)), 'O-ada'),
      sort: `${at}/O-ada`,
    }
    expect(await shop.store.get(lost)).toBeDefined()
    await shop.store.commit({ rows: [lost] })
    shop.clock.advance(100 * HOUR)
    expect(await sweepHolds(shop)).toBe(0)
    expect(await promised(shop)).toBe(999)
    const release = { kind: 'release', orderId: 'O-ada', reason: 'CUSTOMER' } as const
    for (let i = 0; i < 2; i++) await handleStockCommand(shop, { command: release, meta })
    expect(await promised(shop)).toBe(1000)
  })

  it('finds what lapsed while nobody swept, in bounded steps', async () => {
    const shop = await openShop()
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => hold(shop, `O-${i}`, HOUR * (i % 2 === 0 ? 1 : 200))),
    )
    shop.clock.advance(500 * HOUR)
    let released = 0
    for (let sweep = 0; sweep < 15; sweep++) released += await sweepHolds(shop)
    expect(released).toBe(20)
    expect(await promised(shop)).toBe(1000)
  })

  it('finds what an older version put into the one partition of its hour, and leaves no row there', async () => {
    const shop = await openShop()
    const at = shop.clock.now() + HOUR
    const bucket = String(Math.floor(at / HOUR))
    const orders = ['O-ada', 'O-bo', 'O-cleo']
    for (const orderId of orders) {
      await hold(shop, orderId, HOUR)
      const sort = `${at}/${orderId}`
      const moved = { table: 'holds', partition: shardOf(bucket, orderId), sort }
      const old = { table: 'holds', partition: bucket, sort, value: { orderId } }
      await shop.store.commit({ rows: [moved, old] })
    }
    await handleStockCommand(shop, { command: { kind: 'keep', orderId: 'O-bo' }, meta })
    const release = { kind: 'release', orderId: 'O-cleo', reason: 'CUSTOMER' } as const
    await handleStockCommand(shop, { command: release, meta })
    shop.clock.advance(100 * HOUR)
    let released = 0
    for (let sweep = 0; sweep < 5; sweep++) released += await sweepHolds(shop)
    expect(released).toBe(1)
    expect(await promised(shop)).toBe(999)
    const { rows } = await shop.store.query({ table: 'holds', partition: bucket, limit: 10 })
    expect(rows).toEqual([])
  })

  it('runs by the clock until it is stopped', async () => {
    const shop = await openShop()
    await hold(shop, 'O-ada', HOUR)
    {
      await using _sweep = startHoldSweep({ ...shop, log: silentLog })
      for (let minute = 0; minute < 61; minute++) {
        shop.clock.advance(60_000)
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    expect(await promised(shop)).toBe(1000)
    expect(shop.clock.nextAt()).toBeUndefined()
  })
})
