import type { ImportLocation } from '@stoa/inventory/import'
import { importStock } from '@stoa/inventory/import'
import { handleStockCommand } from '@stoa/inventory/stock-command'
import { systemClock } from '@stoa/platform/clock'
import type { EventStore } from '@stoa/platform/event-store'
import { Fault } from '@stoa/platform/fault'
import { systemRandom } from '@stoa/platform/random'

export interface FlashSale {
  readonly ordersPerSecond: number
  /** Commits that lost their race, and faults that said to try again, for each order that got through. */
  readonly retriesPerOrder: number
}

export interface RaceOptions {
  readonly store: EventStore
  readonly atOnce: number
  /** Each of as long, in turns. The first only warms up. */
  readonly rounds: number
  readonly roundMs: number
}

const UNITS = 1_000_000
const meta = { correlationId: 'flash-sale' }
const milan: ImportLocation = {
  locationId: 'DC-MILAN',
  kind: 'DC',
  name: 'Milano',
  address: { line1: 'Via Stoa 1', postalCode: '20100', city: 'Milano', country: 'IT' },
  latitude: 45.46,
  longitude: 9.19,
  timeZone: 'Europe/Rome',
  openingHours: [],
}

/** Orders of one unit of one SKU, so many at a time: kept in one shard, and spread over 16, in turns in one store. */
export async function raceForOneSku(options: RaceOptions): Promise<readonly [FlashSale, FlashSale]> {
  const watched = watchLosses(options.store)
  const levels = [{ locationId: milan.locationId, onHand: UNITS }]
  await importStock(
    options.store,
    ['PLAIN', 'SPREAD'].map((sku) => ({ sku, levels })),
  )
  const ports = { store: watched.store, clock: systemClock, random: systemRandom }
  const spread = { kind: 'spread', reference: 'bench', sku: 'SPREAD', shards: 16 } as const
  await handleStockCommand(ports, { command: spread, meta })
  const turns: Record<string, Turn[]> = { PLAIN: [], SPREAD: [] }
  for (let round = 0; round <= options.rounds; round++) {
    for (const sku of round % 2 === 0 ? ['PLAIN', 'SPREAD'] : ['SPREAD', 'PLAIN']) {
      const turn = await runTurn({ ...options, sku, round, losses: watched.losses, store: watched.store })
      if (round > 0) turns[sku]?.push(turn)
    }
  }
  return [sum(turns['PLAIN']), sum(turns['SPREAD'])]
}

interface Turn {
  readonly orders: number
  readonly losses: number
  readonly ms: number
}

async function runTurn(
  of: RaceOptions & { readonly sku: string; readonly round: number; readonly losses: () => number },
): Promise<Turn> {
  const { store, sku, round, atOnce, roundMs, losses } = of
  const before = losses()
  const start = performance.now()
  let orders = 0
  let faults = 0
  const shopper = async (): Promise<void> => {
    while (performance.now() - start < roundMs) {
      orders += 1
      faults += await order(store, sku, `O-${sku}-${round}-${orders}`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, shopper))
  return { orders, losses: losses() - before + faults, ms: performance.now() - start }
}

/** Until it is held. Answers how often it was told to try again. */
async function order(store: EventStore, sku: string, orderId: string): Promise<number> {
  const lines = [{ lineId: 'L1', sku, quantity: 1 }]
  const address = { name: 'Ada', line1: 'Via Roma 1', postalCode: '00184', city: 'Roma', country: 'IT' }
  const of = { delivery: { method: 'DELIVERY', address }, locations: [milan] } as const
  const command = {
    kind: 'reserve',
    orderId,
    lines,
    ...of,
    expiresAt: systemClock.now() + 604_800_000,
  } as const
  const ports = { store, clock: systemClock, random: systemRandom }
  for (let faults = 0; ; faults++) {
    const outcome = await handleStockCommand(ports, { command, meta }).catch(unlessFinal)
    if (!outcome) continue
    if (outcome.ok && outcome.value.reservation.status === 'HELD') return faults
    throw new Error(`${orderId} was not held.`)
  }
}

function unlessFinal(reason: unknown): undefined {
  if (!(reason instanceof Fault && reason.retryable)) throw reason
}

function watchLosses(store: EventStore): { readonly store: EventStore; readonly losses: () => number } {
  let losses = 0
  const watched: EventStore = {
    ...store,
    async commit(transaction) {
      const committed = await store.commit(transaction)
      if (!committed.ok) losses += 1
      return committed
    },
  }
  return { store: watched, losses: () => losses }
}

function sum(turns: readonly Turn[] = []): FlashSale {
  const total = (of: (turn: Turn) => number): number => turns.reduce((all, turn) => all + of(turn), 0)
  const orders = total((turn) => turn.orders)
  return {
    ordersPerSecond: Math.round((orders / total((turn) => turn.ms)) * 1000),
    retriesPerOrder: Number((total((turn) => turn.losses) / orders).toFixed(2)),
  }
}
