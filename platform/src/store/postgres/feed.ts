import type { RecordedEvent } from '../../event.ts'
import type { FeedCursor, FeedSource } from '../event-feed.ts'
import { createKeeper, type LeaseParts, type Place, toPlace } from './leases.ts'
import { EVENT_FIELDS, toEvent } from './read.ts'

export interface PostgresFeedParts extends LeaseParts {
  readonly pollMs: number
  /** Lets whoever waits look again. */
  readonly wake: () => void
}

interface Batch {
  readonly events: readonly RecordedEvent[]
  readonly end: Place | undefined
  /** Whether there is more that waits for a transaction that still runs. */
  readonly heldBack: boolean
}

const BATCH = 200
/** Transactions that hold events back mostly end within milliseconds. */
const HELD_BACK_MS = 10

/** The change feed by transaction numbers (see the schema); one process at a time tells a consumer, by a lease. */
export function postgresFeed(parts: PostgresFeedParts): FeedSource {
  return { pollMs: parts.pollMs, open: (consumer) => openCursor(parts, consumer) }
}

function openCursor(parts: PostgresFeedParts, consumer: string): FeedCursor {
  const { clock, wake } = parts
  const keeper = createKeeper(parts, consumer)
  let end: Place | undefined
  let impatience = HELD_BACK_MS

  return {
    async read() {
      const lease = await keeper.hold()
      if (!lease) return []
      const batch = await readBatch(parts, lease)
      end = batch.end
      if (batch.events.length > 0) impatience = HELD_BACK_MS
      else if (batch.heldBack) {
        clock.schedule(clock.now() + impatience, wake)
        impatience = Math.min(impatience * 2, parts.pollMs)
      }
      return batch.events
    },
    async done() {
      if (end) await keeper.moveTo(end)
    },
    close: keeper.release,
  }
}

async function readBatch({ database, schema }: PostgresFeedParts, after: Place): Promise<Batch> {
  const statement = {
    name: `${schema}.feed`,
    text: `
      SELECT line, place, ${EVENT_FIELDS}, line < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
        + (SELECT value FROM ${schema}.line_start) AS settled
      FROM ${schema}.events WHERE (line, place) > ($1::bigint, $2::smallint) ORDER BY line, place LIMIT ${BATCH}`,
  }
  const rows = await database.run(statement, [after.line, after.place])
  const settled = rows.filter((row) => row['settled'] === true)
  const last = settled.at(-1)
  return {
    events: settled.map(toEvent),
    end: last && toPlace(last),
    heldBack: settled.length < rows.length,
  }
}
