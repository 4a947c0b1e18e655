import type { Envelope } from '../event.ts'
import { Fault } from '../fault.ts'
import type { BusLog, LogEntry } from './bus-log.ts'

/** Appends, many callers at once: those who publish in the same turn of the event loop share one transaction. */
export interface Publisher {
  publish(events: readonly Envelope[]): Promise<void>
  isBusy(): boolean
}

interface Waiting {
  readonly events: readonly Envelope[]
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

/** The latest time a Date can hold. */
const MAX_TIME = 8.64e15

export function createPublisher(
  store: BusLog,
  onAppended: (entries: readonly LogEntry[]) => void,
): Publisher {
  let waiting: Waiting[] = []
  let busy = false

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      await Promise.resolve()
      const batch = waiting
      waiting = []
      await append(batch)
    }
    busy = false
  }

  async function append(batch: readonly Waiting[]): Promise<void> {
    try {
      onAppended(await store.append(batch.flatMap((one) => one.events)))
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
        if (busy) return
        busy = true
        void run()
      }),
    isBusy: () => busy,
  }
}

function checkEnvelope(event: Envelope): void {
  for (const field of ['id', 'type', 'stream', 'source'] as const) {
    if (typeof event[field] === 'string' && event[field] !== '') continue
    throw new Fault('BAD_REQUEST', `Expected an event with a ${field}, got ${JSON.stringify(event[field])}.`)
  }
  if (Number.isSafeInteger(event.at) && Math.abs(event.at) <= MAX_TIME) return
  throw new Fault('BAD_REQUEST', `Expected "at" of event ${event.id} in epoch milliseconds, got ${event.at}.`)
}
