import type { Clock } from '../../clock.ts'
import { countEngineFault, engineFault } from '../../engine-fault.ts'
import type { Envelope } from '../../event.ts'
import type { Log } from '../../log.ts'
import type { BusLog, LogEntry } from '../bus-log.ts'
import { cutBatches } from './batches.ts'
import { envelopeOf, recordOf } from './envelope.ts'
import { createOldPages } from './old-pages.ts'
import { readRange } from './range.ts'
import type { KafkaReader } from './reader.ts'
import { createRecentEntries } from './recent.ts'
import { BATCH_OVERHEAD, type KafkaPartition, type KafkaRead } from './record.ts'
import { createKafkaTail, type TailItem } from './tail.ts'
import type { KafkaWriter } from './writer.ts'

/** The events of one partition: a position is an offset plus one. */
export interface KafkaEvents extends Pick<BusLog, 'append' | 'read' | 'at' | 'last'> {
  /** What is known without asking. */
  end(): number
  /** Takes in what others have appended by now. */
  refresh(): Promise<void>
}

export interface KafkaEventsParts {
  readonly partition: KafkaPartition
  readonly reader: KafkaReader
  readonly writer: KafkaWriter
  readonly clock: Clock
  readonly log: Log
  /** Another process has appended something. */
  readonly onForeign: () => void
  /** The largest batch that the topic takes, in bytes. */
  readonly maxBytes: number
  /** How many ids back a repeated event is recognised. */
  readonly window: number
}

/** One request never holds more: a batch is read as a whole, even for a single event of it. */
const MAX_BATCH = 500

export function createKafkaEvents(parts: KafkaEventsParts): KafkaEvents {
  const { partition, reader, clock } = parts
  const recent = createRecentEntries(parts.window)
  const old = createOldPages({ ...parts, parse: firstOf })
  const tail = createKafkaTail<Envelope>({
    ...parts,
    at: partition,
    parse: (read) => entryOf(read)?.event,
    apply(offset, event) {
      if (recent.add({ position: offset + 1, event })) return
      parts.log.debug({ eventId: event.id, ...partition }, 'An event came twice; the second is passed over.')
    },
  })
  let starting: Promise<void> | undefined
  /** A batch failed: it may stand in the partition or not. The publisher has one batch under way at a time. */
  let doubtful = false

  /** Reads the newest part of the partition, so that repeated ids are known from the first event on. */
  const ready = (): Promise<void> => {
    starting ??= start().catch((reason) => {
      starting = undefined
      throw reason
    })
    return starting
  }

  async function start(): Promise<void> {
    const [first, end] = await Promise.all([
      reader.offsetOf(partition, 'first'),
      reader.offsetOf(partition, 'end'),
    ])
    tail.start(Math.max(first, end - parts.window))
    await tail.extend()
  }

  function entryOf(read: KafkaRead): LogEntry | undefined {
    const event = envelopeOf(read)
    if (event) return { position: read.offset + 1, event }
    countEngineFault('kafka', 'unreadable', 'STORE_CORRUPT')
    parts.log.error({ ...partition, offset: read.offset }, 'A record is no event and is passed over.')
    return undefined
  }

  /** The second of two is passed over further back too, as far as ids are remembered. */
  function firstOf(read: KafkaRead): LogEntry | undefined {
    const entry = entryOf(read)
    const first = entry && recent.find(entry.event.id)
    return first !== undefined && first <= read.offset ? undefined : entry
  }

  async function append(events: readonly Envelope[]): Promise<readonly LogEntry[]> {
    await ready()
    if (doubtful) await tail.extend()
    doubtful = false
    const now = clock.now()
    const items = distinct(events).map((event) => checked({ record: recordOf(event, now), item: event }))
    const known = new Set(items.filter(({ item }) => recent.find(item.id) !== undefined))
    const fresh = items.filter((item) => !known.has(item))
    const appended: LogEntry[] = []
    for (const batch of cutBatches(fresh, { records: MAX_BATCH, bytes: parts.maxBytes }))
      appended.push(...(await appendBatch(batch)))
    return appended
  }

  /** What somebody else has written at the same moment is found there, and ours beside it does not count. */
  async function appendBatch(batch: readonly TailItem<Envelope>[]): Promise<readonly LogEntry[]> {
    doubtful = true
    const offsets = await tail.append(batch)
    doubtful = false
    return batch.flatMap(({ item }, i) => {
      const position = (offsets[i] ?? 0) + 1
      return recent.find(item.id) === position ? [{ position, event: item }] : []
    })
  }

  function checked(item: TailItem<Envelope>): TailItem<Envelope> {
    const size = item.record.size + BATCH_OVERHEAD
    if (size <= parts.maxBytes) return item
    const { id, type } = item.item
    throw engineFault(
      'BAD_REQUEST',
      `Event ${id} (${type}) takes ${size} bytes, the topic takes ${parts.maxBytes}. Put the large part into a store and its key into the event, or raise the topic's max.message.bytes.`,
      { engine: 'kafka', kind: 'oversized' },
    )
  }

  return {
    append,
    async read(range) {
      await ready()
      // Only who reads to the end needs to know where it is by now.
      if (range.until === undefined || range.until > tail.end()) await tail.extend()
      return await readRange({ recent, old, end: tail.end() }, range)
    },
    end: tail.end,
    async refresh() {
      await ready()
      await tail.extend()
    },
    async at(position) {
      await ready()
      return (recent.at(position) ?? (await old.at(position)))?.event
    },
    async last() {
      await ready()
      await tail.extend()
      return tail.end()
    },
  }
}

function distinct(events: readonly Envelope[]): readonly Envelope[] {
  const byId = new Map<string, Envelope>()
  for (const event of events) if (!byId.has(event.id)) byId.set(event.id, event)
  return [...byId.values()]
}
