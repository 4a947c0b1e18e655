import { countEngineFault } from '../../engine-fault.ts'
import type { EventPattern } from '../../event-pattern.ts'
import type { IndexRow } from '../eventbridge/items.ts'
import { positionAt } from '../eventbridge/position.ts'
import type { Sequencer } from './sequencer.ts'
import type { TenureParts } from './tenure.ts'

/** Looks through the log's index for what did not come by the queue. */
export interface Sweep {
  /** Takes in what is missing up to a position. False when there was no room for all of it. */
  to(until: number): Promise<boolean>
  /** As far as all that will ever be written was looked at. */
  verified(): number
}

export interface SweepParts extends TenureParts {
  readonly sequencer: Sequencer
  readonly hasTaken: (row: IndexRow) => boolean
  readonly hasRoom: () => boolean
}

const PAGE = 500

export function createSweep(parts: SweepParts): Sweep {
  const { eventLog, sequencer, clock, hasRoom, hasTaken } = parts
  const concerns = headFilter(parts.pattern)
  const openedAt = positionAt(clock.now())
  let verified = parts.tenancy.consumer.swept

  async function takeMissing(rows: readonly IndexRow[]): Promise<void> {
    const missing = await eventLog.load(rows.filter((row) => concerns(row) && !hasTaken(row)))
    let late = 0
    for (const logged of missing) {
      const isTaken = await sequencer.take(logged, async () => true)
      if (isTaken && logged.position > openedAt) late += 1
    }
    if (missing.length > 0) parts.onTaken()
    if (late > 0) noteLate(late)
  }

  function noteLate(events: number): void {
    countEngineFault('eventbridge', 'late_delivery', 'STORE_UNAVAILABLE')
    parts.log.warn({ events }, 'Events did not come by the queue in time; they were read from the log.')
  }

  return {
    verified: () => verified,
    async to(until) {
      for (let after = verified; hasRoom(); ) {
        const final = finalPosition(parts)
        const rows = await eventLog.index.read({ after, until, limit: PAGE })
        await takeMissing(rows)
        const isEnd = rows.length < PAGE
        after = isEnd ? Math.max(after, until) : (rows.at(-1)?.position ?? until)
        verified = Math.max(verified, Math.min(after, final))
        if (isEnd) return true
      }
      return false
    },
  }
}

/** Nobody writes before this any more, as far as clocks agree and publishers are given up on in time. */
export function finalPosition({ clock, graceMs }: Pick<TenureParts, 'clock' | 'graceMs'>): number {
  return graceMs === 0 ? Number.MAX_SAFE_INTEGER : positionAt(clock.now() - graceMs)
}

/** What the index alone can tell of a pattern: type and source, where they are asked for by plain texts. */
function headFilter(pattern: EventPattern): (row: IndexRow) => boolean {
  const types = textsOf(pattern['detail-type'])
  const sources = textsOf(pattern['source'])
  return ({ type, source }) => (types?.includes(type) ?? true) && (sources?.includes(source) ?? true)
}

function textsOf(values: EventPattern[string] | undefined): readonly string[] | undefined {
  if (!Array.isArray(values)) return undefined
  const texts = values.filter((value) => typeof value === 'string')
  return texts.length === values.length ? texts : undefined
}
