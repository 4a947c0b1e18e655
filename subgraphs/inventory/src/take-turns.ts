import { sleep } from '@stoa/platform/clock'
import type { EventStore } from '@stoa/platform/event-store'
import type { CommandPorts } from '@stoa/platform/handle-command'
import { type StockCommand, skusOf } from './domain/decide.ts'
import { noReservation } from './domain/reservation.ts'

export interface Turn extends Disposable {
  /** To be awaited before each try, counted from 1. */
  wait(attempt: number): Promise<void>
}

/** What writes every shard loses to any order; after so many losses orders of this process let it pass. */
const EAGER_TRIES = 4
/** Orders of other processes cannot: those are met less often by tries that are further apart. */
const FIRST_PAUSE_MS = 2
const LONGEST_PAUSE_MS = 50

/**
 * Who waits for whom while a SKU is wanted by many: a count, a correction or a spreading that lost several times asks
 * for room, and orders of this process that come then wait until it is done. Nobody holds anything while waiting.
 */
export function takeTurns(ports: CommandPorts, command: StockCommand): Turn {
  switch (command.kind) {
    case 'reserve':
      return letPass(ports.store, skusOf(command, noReservation))
    case 'count':
    case 'adjust':
    case 'spread':
      return askForRoom(ports, command.sku)
    default:
      return atOnce
  }
}

const atOnce: Turn = { wait: async () => {}, [Symbol.dispose]() {} }

/** By store, so that two shops in one process do not wait for one another. */
const rooms = new WeakMap<EventStore, Map<string, Promise<void>>>()

function letPass(store: EventStore, skus: readonly string[]): Turn {
  return {
    async wait() {
      const taken = rooms.get(store)
      if (!taken || taken.size === 0) return
      await Promise.all(skus.map((sku) => taken.get(sku)))
    },
    [Symbol.dispose]() {},
  }
}

function askForRoom({ store, clock, random }: CommandPorts, sku: string): Turn {
  const done = Promise.withResolvers<void>()
  return {
    async wait(attempt) {
      if (attempt < EAGER_TRIES) return
      const taken = rooms.getOrInsertComputed(store, () => new Map())
      if (!taken.has(sku)) taken.set(sku, done.promise)
      const ceiling = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - EAGER_TRIES))
      await sleep(clock, Math.ceil(random.next() * ceiling))
    },
    [Symbol.dispose]() {
      const taken = rooms.get(store)
      if (taken?.get(sku) === done.promise) taken.delete(sku)
      done.resolve()
    },
  }
}
