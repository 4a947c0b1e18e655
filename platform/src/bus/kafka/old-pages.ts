import { countEngineFault } from '../../engine-fault.ts'
import type { Log } from '../../log.ts'
import type { LogEntry } from '../bus-log.ts'
import type { KafkaReader } from './reader.ts'
import type { KafkaPartition, KafkaRead } from './record.ts'

/** Reads what lies further back, a page at a time, with the last pages kept: who reads one event wants its neighbours. */
export interface OldPages {
  /** The entries above a position, and how far the page goes. */
  page(after: number): Promise<OldPage>
  at(position: number): Promise<LogEntry | undefined>
  /** Below the first event of this time or a later one. */
  offsetSince(time: number): Promise<number>
}

export interface OldPage {
  readonly entries: readonly LogEntry[]
  /** The position up to which everything is in the page. */
  readonly last: number
}

interface OldPagesParts {
  readonly partition: KafkaPartition
  readonly reader: KafkaReader
  readonly parse: (read: KafkaRead) => LogEntry | undefined
  readonly log: Log
}

const PAGE_BYTES = 262_144
const KEPT = 8

export function createOldPages({ partition, reader, parse, log }: OldPagesParts): OldPages {
  let pages: (OldPage & { readonly after: number })[] = []
  let since: { readonly time: number; readonly offset: number } | undefined

  async function fetch(after: number): Promise<OldPage> {
    const request = { ...partition, offset: after, maxBytes: PAGE_BYTES }
    const fetched = await reader.fetch(request).catch(async (reason) => {
      const first = await reader.offsetOf(partition, 'first')
      if (first <= after) throw reason
      countEngineFault('kafka', 'trimmed', 'STORE_CORRUPT')
      log.error({ ...partition, first }, 'Retention has taken events that were to be read: the rest follows.')
      return { records: [], next: first }
    })
    const entries = fetched.records.flatMap((read) => parse(read) ?? [])
    const page = { after, entries, last: Math.max(fetched.next, after + 1) }
    pages = [...pages.slice(1 - KEPT), page]
    return page
  }

  async function pageWith(after: number): Promise<OldPage> {
    const kept = pages.find((page) => page.after <= after && after < page.last)
    return kept ?? (await fetch(after))
  }

  return {
    async page(after) {
      const page = await pageWith(after)
      return { entries: page.entries.filter(({ position }) => position > after), last: page.last }
    },
    async at(position) {
      const page = await pageWith(position - 1)
      return page.entries.find((entry) => entry.position === position)
    },
    async offsetSince(time) {
      if (since?.time !== time) since = { time, offset: await reader.offsetOf(partition, Math.max(0, time)) }
      return since.offset
    },
  }
}
