import type { Envelope } from '../../event.ts'
import type { EventPattern } from '../../event-pattern.ts'
import { invariant } from '../../invariant.ts'
import { envelopeMatcher } from '../../pattern/rule-index.ts'
import type { Adopted, BusLog, ClaimRequest, ConsumerChange, Waiting } from '../bus-log.ts'
import type { EventLog } from '../eventbridge/log.ts'
import type { EventBridgeParts } from '../eventbridge/parts.ts'
import { createRecent } from '../eventbridge/recent.ts'
import { compileOrFault } from '../matcher.ts'
import { createBooks, type Tenancy } from './books.ts'
import type { Letters } from './letters.ts'
import { createRuns } from './runs.ts'
import { openTenure, type Tenure } from './tenure.ts'

/** The log of one consumer: what comes by its queue, in order, and what its books keep. */
export interface QueueLog extends BusLog {
  /** Undefined while another process owns the consumer. */
  tenure(): Tenure | undefined
  /** Somebody asked for events to be told again. */
  onAsked(): void
}

export interface QueueLogParts extends EventBridgeParts {
  readonly eventLog: EventLog
  readonly letters: Letters
  readonly queueUrl: string
  readonly waitSeconds: number
  readonly visibilitySeconds: number
  readonly sweepEveryMs: number
  readonly leaseMs: number
}

/** Events that wait are mostly told again soon. */
const REMEMBERED_EVENTS = 4000

export function createQueueLog(parts: QueueLogParts): QueueLog {
  const { eventLog, leaseMs } = parts
  const books = createBooks(parts)
  const listeners = new Set<() => void>()
  const recent = createRecent<number, Envelope>(REMEMBERED_EVENTS)
  let runs = createRuns()
  let tenure: Tenure | undefined
  let place = 0
  /** How many redrives and replays we know of. */
  let asked = 0
  let mayHaveAsked = false

  function announce(): void {
    for (const listener of listeners) listener()
  }

  function onAsked(): void {
    mayHaveAsked = true
    announce()
  }

  function lose(): void {
    tenure?.abandon()
    tenure = undefined
  }

  function begin(tenancy: Tenancy, request: ClaimRequest): void {
    lose()
    runs = createRuns()
    runs.unseen(tenancy)
    asked = tenancy.consumer.asked
    tenure = openTenure({
      ...parts,
      tenancy,
      pattern: request.pattern,
      wants: wantedBy(request.pattern, request.imported),
      nextPlace: () => {
        place += 1
        return place
      },
      onTaken: announce,
      onAsked,
    })
  }

  async function adopt(consumer: string): Promise<Adopted> {
    mayHaveAsked = false
    return runs.unseen(await books.open(consumer))
  }

  async function saveOne(change: ConsumerChange): Promise<readonly string[]> {
    if (change.lease.fence !== tenure?.tenancy.lease.fence) return []
    for (const { position } of change.put) {
      const entry = tenure.buffer.find(position)
      if (entry) recent.set(position, entry.logged.event)
    }
    const hasWrites = [change.put, change.drop, change.dead, change.replays].some((list) => list.length > 0)
    if (hasWrites && !(await books.save(change, sequenceOf))) {
      lose()
      return [change.lease.consumer]
    }
    if (change.cursor !== undefined) await tenure?.settle(change.cursor)
    return []
  }

  async function sequenceOf(position: number): Promise<number> {
    const known = tenure?.buffer.find(position)?.logged ?? (await eventLog.index.at(position))
    invariant(known, 'an event that died is in the log')
    return known.sequence
  }

  return {
    leaseMs,
    onAsked,
    tenure: () => tenure,
    append: async () => [],
    read: async (range) => {
      if (range.until !== undefined || range.descending) return await eventLog.read(range)
      return tenure?.buffer.after(range.after ?? 0, range.limit) ?? []
    },
    async at(position) {
      return (
        recent.get(position) ??
        tenure?.buffer.find(position)?.logged.event ??
        (await eventLog.at(position))?.event
      )
    },
    last: async () => place,
    async claim(request) {
      const start = request.from === 'latest' ? await eventLog.index.last() : 0
      const tenancy = await books.claim(request, { expiresAt: request.now + leaseMs, start })
      if (!tenancy) return undefined
      begin(tenancy, request)
      return {
        lease: tenancy.lease,
        cursor: place,
        waiting: byPosition(tenancy.waiting),
        replays: tenancy.replays,
      }
    },
    async renew(leases, expiresAt) {
      const [lease] = leases
      if (!lease || lease.fence !== tenure?.tenancy.lease.fence) return []
      const row = await books.renew(lease, { expiresAt, swept: tenure.swept() })
      if (!row) {
        lose()
        return [lease.consumer]
      }
      if (row.asked !== asked) onAsked()
      asked = row.asked
      return []
    },
    async release(lease) {
      if (lease.fence !== tenure?.tenancy.lease.fence) return
      const state = await tenure.close()
      tenure = undefined
      await books.release(lease, state)
    },
    async save(changes) {
      const lost: string[] = []
      for (const change of changes) lost.push(...(await saveOne(change)))
      return lost
    },
    async adopt(leases) {
      const [lease] = leases
      if (!lease || !mayHaveAsked) return new Map()
      return new Map([[lease.consumer, await adopt(lease.consumer)]])
    },
    // Asked of the whole bus, never of one consumer's part of it.
    deadLetters: async () => [],
    redrive: async () => 0,
    discard: async () => 0,
    addReplay: async () => {},
    consumers: async () => (tenure ? [storedOf(tenure.tenancy, place)] : []),
    watch(onChange) {
      listeners.add(onChange)
      // Events may have come before anybody listened.
      onChange()
      return { [Symbol.dispose]: () => void listeners.delete(onChange) }
    },
    [Symbol.asyncDispose]: async () => lose(),
  }
}

/** Without what only the books know. */
function storedOf({ consumer }: Tenancy, cursor: number) {
  const { name, pattern, imported } = consumer
  return { name, cursor, pattern, imported, waiting: 0, parked: 0, deadLetters: 0 }
}

function wantedBy(pattern: EventPattern, imported: boolean): (event: Envelope) => boolean {
  const inPattern = envelopeMatcher({ pattern, matches: compileOrFault(pattern) })
  return (event) => (imported || !event.meta.imported) && inPattern(event)
}

function byPosition(waiting: readonly Waiting[]): readonly Waiting[] {
  return waiting.toSorted((a, b) => a.position - b.position)
}
