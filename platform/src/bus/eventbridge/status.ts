import type { Envelope } from '../../event.ts'
import type { ConsumerStatus, EventBus } from '../../event-bus.ts'
import { matcherOf } from '../matcher.ts'
import type { Books } from '../queue/books.ts'
import type { ConsumerRow } from '../queue/items.ts'
import type { Letters } from '../queue/letters.ts'
import type { Tenure } from '../queue/tenure.ts'
import type { IndexRow } from './items.ts'
import type { EventLog } from './log.ts'

/** A consumer as this process serves it. */
export interface Served {
  readonly bus: EventBus
  readonly tenure: Tenure
}

export interface StatusParts {
  readonly eventLog: EventLog
  readonly books: Books
  readonly letters: Letters
  readonly servedHere: (consumer: string) => Served | undefined
}

/** Exact up to here; what lies further back is counted no more. */
const MAX_COUNTED = 10_000
const PAGE = 1000

/** Every consumer ever seen, by name. */
export async function eventBridgeStatus(parts: StatusParts): Promise<readonly ConsumerStatus[]> {
  const rows = await parts.letters.consumers()
  const statuses = await Promise.all(rows.map((row) => describe(parts, row)))
  return statuses.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

async function describe(parts: StatusParts, row: ConsumerRow): Promise<ConsumerStatus> {
  const served = parts.servedHere(row.name)
  const [{ waiting, parked, untaken }, deadLetters] = await Promise.all([
    served ? ofServed(served) : ofOthers(parts, row),
    parts.letters.count(row.name),
  ])
  const lag = waiting + (await countUntaken(parts, row, untaken))
  return { name: row.name, lag, parked, deadLetters }
}

interface Untaken {
  readonly after: number
  readonly isTaken: (row: IndexRow) => boolean
}

interface Counted {
  readonly waiting: number
  readonly parked: number
  readonly untaken: Untaken
}

async function ofServed({ bus, tenure }: Served): Promise<Counted> {
  const [status] = await bus.consumers()
  const untaken = { after: tenure.swept(), isTaken: tenure.hasTaken }
  return { waiting: status?.lag ?? 0, parked: status?.parked ?? 0, untaken }
}

async function ofOthers({ books }: StatusParts, row: ConsumerRow): Promise<Counted> {
  const { waiting, settled } = await books.look(row)
  const taken = new Set(settled)
  const untaken = { after: row.swept, isTaken: ({ position }: IndexRow) => taken.has(position) }
  return { waiting: waiting.length, parked: new Set(waiting.map(({ stream }) => stream)).size, untaken }
}

async function countUntaken(
  { eventLog }: StatusParts,
  row: ConsumerRow,
  { after, isTaken }: Untaken,
): Promise<number> {
  const wanted = matcherOf(row.pattern)
  const isFor = (event: Envelope): boolean => (row.imported || !event.meta.imported) && wanted(event)
  let count = 0
  for (let from = after, seen = 0; seen < MAX_COUNTED; seen += PAGE) {
    const rows = await eventLog.index.read({ after: from, limit: PAGE })
    const events = await eventLog.load(rows.filter((one) => !isTaken(one)))
    count += events.filter(({ event }) => isFor(event)).length
    from = rows.at(-1)?.position ?? from
    if (rows.length < PAGE) break
  }
  return count
}
