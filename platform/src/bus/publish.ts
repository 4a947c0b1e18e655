import type { Envelope } from '../event.ts'
import { Fault } from '../fault.ts'
import type { BusLog, LogEntry } from './bus-log.ts'

/** Appends, many callers at once: those who publish in the same turn of the event loop share one transaction. */
export interface Publisher {
  publish(events: readonly Envelope[]): Promise<void>
  isBusy(): boolean
  /** Resolves when nothing is on its way to the log. */
  flush(): Promise<void>
}

interface Waiting {
  readonly events: readonly Envelope[]
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

/** The latest time a Date can hold. */
const MAX_TIME = 8.64e15

interface PublisherParts {
  readonly store: Pick<BusLog, 'append'>
  readonly onAppended: (entries: readonly LogEntry[]) => void
  /** May have become idle. */
  readonly onRest: () => void
}

export function createPublisher(parts: PublisherParts): Publisher {
  let waiting: Waiting[] = []
  let running: Promise<void> | undefined

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      await Promise.resolve()
      const batch = waiting
      waiting = []
      await append(batch)
    }
    running = undefined
    parts.onRest()
  }

  async function append(batch: readonly Waiting[]): Promise<void> {
    try {
      parts.onAppended(await parts.store.append(batch.flatMap((one) => one.events)))
      for (const one of batch) one.resolve()
    } catch (reason) {
      for (const one of batch) one.reject(reason)
    }
  }

  return {
    publish: (events) =>
      new Promise((resolve, reject) => {
        for (const event of events) checkEnvelope(event)
        if (events.length === 0) return resolve()
        waiting.push({ events, resolve, reject })
        running ??= run()
      }),
    isBusy: () => running !== undefined,
    flush: async () => await running,
  }
}

/** Faults with BAD_REQUEST for an event without an identity or a time. */
export function checkEnvelope(event: Envelope): void {
  for (const field of ['id', 'type', 'stream', 'source'] as const) {
    if (typeof event[field] === 'string' && event[field] !== '') continue
    throw new Fault(
      'BAD_REQUEST',
      `Expected the ${field} of an event to be a text that is not empty, got ${JSON.stringify(event[field])}.`,
    )
  }
  if (Number.isSafeInteger(event.at) && Math.abs(event.at) <= MAX_TIME) return
  throw new Fault('BAD_REQUEST', `Expected "at" of event ${event.id} in epoch milliseconds, got ${event.at}.`)
}
