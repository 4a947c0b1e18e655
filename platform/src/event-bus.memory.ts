import { createBus } from './bus/create-bus.ts'
import { createMemoryBusLog } from './bus/memory/log.ts'
import type { Clock } from './clock.ts'
import type { EventBus } from './event-bus.ts'
import type { Log } from './log.ts'
import type { Random } from './random.ts'

export interface MemoryBusOptions {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** How long running handlers get to end when the bus closes, in milliseconds. Default 5,000. */
  readonly closeMs?: number
}

/** A bus that lives as long as the process: everything the durable one does, except to survive. */
export function openMemoryBus(options: MemoryBusOptions): EventBus {
  return createBus({ ...options, store: createMemoryBusLog() })
}
