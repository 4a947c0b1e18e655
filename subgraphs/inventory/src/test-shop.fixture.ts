import { createVirtualClock, type VirtualClock } from '@stoa/platform/clock.virtual'
import type { Envelope } from '@stoa/platform/event'
import type { EventBus } from '@stoa/platform/event-bus'
import { openMemoryBus } from '@stoa/platform/event-bus.memory'
import type { EventStore } from '@stoa/platform/event-store'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import { openSqliteStore } from '@stoa/platform/event-store.sqlite'
import { silentLog } from '@stoa/platform/log'
import { type Random, seededRandom } from '@stoa/platform/random'
import { startRelay } from '@stoa/platform/relay'
import type { StoaEvent } from '@stoa/schema/events'
import { everywhere } from './domain/goods.fixture.ts'
import type { Level } from './domain/stock.ts'
import { type ImportStock, importLocations, importStock } from './import.ts'
import { createLocationBook } from './location-book.ts'
import type { CancelPickRequest, PickRequest, Warehouse } from './ports.ts'
import { startReactions } from './reactions.ts'
import { readStockRow, stockKey } from './store/stock-table.ts'

export type Engine = 'memory' | 'sqlite'

interface FakeWarehouse extends Warehouse {
  readonly picked: PickRequest[]
  readonly cancelled: string[]
  /** Throws for every call while set. */
  broken: Error | undefined
  /** What `cancelPick` answers. */
  answer: 'cancelled' | 'shipped'
}

export interface TestShop extends AsyncDisposable {
  readonly store: EventStore
  readonly bus: EventBus
  readonly clock: VirtualClock
  readonly random: Random
  readonly warehouse: FakeWarehouse
  /** Tells facts of other subgraphs, in order per stream, and waits until everything that follows has happened. */
  tell(...events: readonly TestEvent[]): Promise<void>
  /** Waits until nothing happens any more. */
  quiet(): Promise<void>
  /** What inventory told so far, oldest first, history that was imported left out. */
  told(): Promise<readonly Envelope[]>
  level(sku: string, locationId: string): Promise<Level | undefined>
}

/** A fact with its place: `on` is the stream it is told on, `id` the same when it is told again. */
export type TestEvent = StoaEvent & { readonly id: string; readonly on: string }

/** Inventory's own store, a bus, the relay between them, the real reactions and a warehouse that does as told. */
export async function openTestShop(
  stock: readonly ImportStock[],
  engine: Engine = 'memory',
): Promise<TestShop> {
  await using stack = new AsyncDisposableStack()
  const clock = createVirtualClock()
  const random = seededRandom(7)
  const log = silentLog
  const store = stack.use(
    engine === 'memory' ? openMemoryStore({ clock }) : await openSqliteStore({ path: ':memory:', clock }),
  )
  await importLocations(store, everywhere, { at: clock.now() })
  await importStock(store, stock, { at: clock.now() })
  const bus = stack.use(openMemoryBus({ clock, random, log }))
  const warehouse = createFakeWarehouse()
  const locations = createLocationBook(store, clock)
  stack.use(await startReactions({ store, bus, clock, random, log, locations, warehouse }))
  stack.use(await startRelay({ store, bus, source: 'inventory', log }))
  const versions = new Map<string, number>()
  const open = stack.move()

  const quiet = (): Promise<void> => untilQuiet(bus)
  return {
    ...{ store, bus, clock, random, warehouse, quiet },
    async tell(...events) {
      await bus.publish(events.map((event) => toEnvelope(event, versions, clock.now())))
      await quiet()
    },
    async told() {
      const events = await allEvents(bus)
      return events.filter(({ source, meta }) => source === 'inventory' && !meta.imported)
    },
    async level(sku, locationId) {
      return readStockRow(await store.get(stockKey(sku))).stock.levels.get(locationId)
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

/** The relay hands on what the reactions recorded, which sets off the next: still when nothing new came of it. */
async function untilQuiet(bus: EventBus): Promise<void> {
  for (let before = -1, now = 0; before !== now; ) {
    before = now
    await bus.idle()
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
    await bus.idle()
    now = (await allEvents(bus)).length
  }
}

async function allEvents(bus: EventBus): Promise<readonly Envelope[]> {
  const events: Envelope[] = []
  let after: string | undefined
  for (;;) {
    const page = await bus.archive({ limit: 1000, ...(after === undefined ? {} : { after }) })
    events.push(...page.events)
    if (page.next === undefined || page.events.length === 0) return events
    after = page.next
  }
}

function toEnvelope({ id, on, type, data }: TestEvent, versions: Map<string, number>, at: number): Envelope {
  const version = (versions.get(on) ?? 0) + 1
  versions.set(on, version)
  const source = type === 'StockCounted' ? 'wms' : 'orders'
  // Facts are plain JSON by construction.
  return {
    id,
    type,
    at,
    data: data as Envelope['data'],
    meta: { correlationId: id },
    stream: on,
    version,
    source,
  }
}

function createFakeWarehouse(): FakeWarehouse {
  const warehouse: FakeWarehouse = {
    picked: [],
    cancelled: [],
    broken: undefined,
    answer: 'cancelled',
    async pick(request: PickRequest) {
      if (warehouse.broken) throw warehouse.broken
      warehouse.picked.push(request)
    },
    async cancelPick({ shipmentId }: CancelPickRequest) {
      if (warehouse.broken) throw warehouse.broken
      warehouse.cancelled.push(shipmentId)
      return warehouse.answer
    },
  }
  return warehouse
}
