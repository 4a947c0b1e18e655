import { describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import type { EventStore } from '@stoa/platform/event-store'
import { Fault } from '@stoa/platform/fault'
import type { CommandPorts } from '@stoa/platform/handle-command'
import { seededRandom } from '@stoa/platform/random'
import fc from 'fast-check'
import type { StockCommand } from './domain/decide.ts'
import { everywhere, line, toItaly } from './domain/goods.fixture.ts'
import type { Reservation } from './domain/reservation.ts'
import { mergeShards, shardName } from './domain/shards.ts'
import { availableToPromise, type Stock } from './domain/stock.ts'
import { handleStockCommand } from './handle-stock-command.ts'
import { importStock } from './import.ts'
import { loadWhole } from './load-stock.ts'
import { asStockFact, stockStream } from './store/stock-table.ts'

export interface SpreadContract {
  /** A store that nobody used before. */
  readonly open: () => Promise<EventStore>
  /** Random histories. */
  readonly runs: number
  /** How many want one at once. */
  readonly shoppers: number
}

const SKU = 'TEE'
const SHARDS = 4

/** What a SKU over several shards promises, on any engine of the event store. */
export function spreadSkuContract({ open, runs, shoppers }: SpreadContract): void {
  async function openShop(units: number, seed: number = 1): Promise<Shop> {
    const store = await open()
    const levels = [{ locationId: 'DC-MILAN', onHand: units }]
    await importStock(store, [{ sku: SKU, levels }], { at: 1 })
    return createShop({ store, clock: systemClock, random: seededRandom(seed) })
  }

  describe('a SKU that is spread', () => {
    it('sells every unit once, however many want one at once', async () => {
      const supply = Math.floor(shoppers * 0.6)
      await using shop = await openShop(supply)
      await shop.spread(SHARDS)
      const orders = Array.from({ length: shoppers }, (_, i) => shop.reserve(`O-${i}`, 1))
      const statuses = (await Promise.all(orders)).map(({ status }) => status).sort()
      expect(statuses).toEqual([
        ...Array.from({ length: supply }, () => 'HELD'),
        ...Array.from({ length: shoppers - supply }, () => 'REJECTED'),
      ])
      expect(await shop.units()).toEqual({ available: 0, reserved: supply })
      expect(await shop.ledger()).toMatchObject({ RESERVED: supply, TRANSFER: 0, AVAILABLE: 0 })
    })

    it('gives from several shards what none has alone, and ships it from where it is held', async () => {
      await using shop = await openShop(8)
      await shop.spread(SHARDS)
      const held = await shop.reserve('O-ada', 7)
      const lines = held.status === 'HELD' ? held.held.flatMap((part) => part.lines) : []
      expect(lines.map(({ quantity }) => quantity).sort()).toEqual([1, 2, 2, 2])
      expect(await shop.reserve('O-bo', 2)).toEqual({ status: 'REJECTED' })
      await shop.ship('O-ada', 7)
      expect(await shop.units()).toEqual({ available: 1, reserved: 0 })
      expect(await shop.reserve('O-cleo', 1)).toMatchObject({ status: 'HELD' })
    })

    it('keeps its sum whatever happens at once', async () => {
      await using shop = await openShop(20)
      await shop.spread(2)
      const orders = Array.from({ length: 12 }, (_, i) => shop.reserve(`O-${i}`, 1 + (i % 3)))
      const others = [shop.spread(SHARDS), shop.count(25), shop.spread(SHARDS), shop.spread(3)]
      const held = (await Promise.all(orders)).filter(({ status }) => status === 'HELD')
      await Promise.all(others)
      const { available, reserved } = await shop.units()
      expect(available + reserved).toBe(25)
      await Promise.all(Array.from({ length: 12 }, (_, i) => shop.release(`O-${i}`)))
      expect(await shop.units()).toEqual({ available: 25, reserved: 0 })
      expect(held.length).toBeGreaterThan(0)
      await shop.spread(1)
      expect(await shop.ledger()).toMatchObject({ AVAILABLE: 25, RESERVED: 0, TRANSFER: 0 })
    })

    it('never oversells, and refuses n units exactly when fewer are left and nobody gives any back', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(steps, { maxLength: 20 }), fc.nat(100), async (history, seed) => {
          await using shop = await openShop(9, seed)
          for (const [i, step] of history.entries()) {
            const { available } = await shop.units()
            const status = await happen(shop, step, i)
            expect(status).toBe(step.kind !== 'reserve' || step.units <= available ? 'HELD' : 'REJECTED')
          }
        }),
        { numRuns: runs },
      )
    })
  })
}

const steps: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('reserve', 'reserve', 'reserve', 'release', 'ship', 'spread'),
  units: fc.integer({ min: 1, max: 5 }),
})

/** Orders are named by their step; others act on an earlier one. */
async function happen(shop: Shop, { kind, units }: Step, i: number): Promise<Reservation['status']> {
  const earlier = `O-${i - units}`
  if (kind === 'reserve') return (await shop.reserve(`O-${i}`, units)).status
  if (kind === 'spread') await shop.spread(units)
  else if (kind === 'release') await shop.release(earlier)
  else await shop.ship(earlier, 1)
  return 'HELD'
}

interface Step {
  readonly kind: 'reserve' | 'release' | 'ship' | 'spread'
  readonly units: number
}

interface Units {
  readonly available: number
  readonly reserved: number
}

interface Shop extends AsyncDisposable {
  reserve(orderId: string, units: number): Promise<Reservation>
  release(orderId: string): Promise<void>
  ship(orderId: string, units: number): Promise<void>
  count(onHand: number): Promise<void>
  /** Refused while orders hold units in shards that would end. */
  spread(shards: number): Promise<void>
  units(): Promise<Units>
  /** The balance of each account, from the events alone. */
  ledger(): Promise<Readonly<Record<string, number>>>
}

function createShop(ports: CommandPorts): Shop {
  const handle = (command: StockCommand) => handleStubbornly(ports, command)
  const shopLine = (units: number) => [line(SKU, units)]
  return {
    async reserve(orderId, units) {
      const of = { lines: shopLine(units), delivery: toItaly, locations: everywhere, expiresAt: 1e13 }
      return (await handle({ kind: 'reserve', orderId, ...of })) ?? { status: 'NONE' }
    },
    async release(orderId) {
      await handle({ kind: 'release', orderId, reason: 'CUSTOMER' })
    },
    async ship(orderId, units) {
      const of = { shipmentId: `${orderId}-1`, locationId: 'DC-MILAN', shippedAt: 5 }
      await handle({ kind: 'ship', orderId, lines: shopLine(units), ...of })
    },
    async count(onHand) {
      const of = { sku: SKU, locationId: 'DC-MILAN', countedAt: 10 }
      await handle({ kind: 'count', reference: 'count', counted: onHand, ...of })
    },
    async spread(shards) {
      await handle({ kind: 'spread', reference: 'operator:cleo', sku: SKU, shards })
    },
    async units() {
      const stock = await wholeOf(ports.store)
      const reserved = stock.levels.get('DC-MILAN')?.reserved ?? 0
      return { available: availableToPromise(stock), reserved }
    },
    ledger: () => balances(ports.store),
    [Symbol.asyncDispose]: () => ports.store[Symbol.asyncDispose](),
  }
}

/** As the bus does with whoever lost its races, or was throttled. */
async function handleStubbornly(
  ports: CommandPorts,
  command: StockCommand,
): Promise<Reservation | undefined> {
  for (let tries = 0; tries < 50; tries++) {
    const handled = handleStockCommand(ports, { command, meta: { correlationId: 'test' } })
    const outcome = await handled.catch(unlessFinal)
    if (outcome) return outcome.ok ? outcome.value.reservation : undefined
  }
  throw new Error(`"${command.kind}" lost every race.`)
}

function unlessFinal(reason: unknown): undefined {
  if (!(reason instanceof Fault && reason.retryable)) throw reason
}

async function wholeOf(store: EventStore): Promise<Stock> {
  const { records, shards } = await loadWhole(store, { skus: [SKU], behind: new Set() })
  const main = records.get(SKU)?.stock
  const spread = shards.get(SKU)
  if (spread) return mergeShards(spread)
  if (main) return main
  throw new Error(`There is no stock of ${SKU}.`)
}

async function balances(store: EventStore): Promise<Readonly<Record<string, number>>> {
  const names = Array.from({ length: SHARDS }, (_, shard) => shardName(SKU, shard))
  const streams = await Promise.all(names.map((name) => store.load(stockStream(name))))
  const sums: Record<string, number> = {}
  for (const fact of streams.flat().map(asStockFact)) {
    if (fact.type !== 'StockMoved') continue
    for (const { from, to, quantity } of fact.data.postings) {
      sums[from] = (sums[from] ?? 0) - quantity
      sums[to] = (sums[to] ?? 0) + quantity
    }
  }
  return sums
}
