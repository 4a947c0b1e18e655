import type { Envelope } from '../../event.ts'
import type { LoggedEvent } from '../eventbridge/items.ts'
import type { EventLog } from '../eventbridge/log.ts'

/**
 * Makes of what comes late, twice, in any order or not at all what the log has: each event of a stream once, after
 * all before it. What is missing is read from the log.
 */
export interface Sequencer {
  /** Answers whether it was handed on; what was is a repeat or does not concern the consumer. */
  take(logged: LoggedEvent, isNews: IsNews): Promise<boolean>
  /** Whether an event was handed on, or passed over for good, by this sequencer. */
  hasTaken(of: Pick<LoggedEvent, 'stream' | 'sequence'>): boolean
  /** Everything up to here is settled: its marks are not needed any more. */
  forget(position: number): void
}

/** Asked about an event from the settled part of the log whose stream was not seen lately. */
export type IsNews = () => Promise<boolean>

export interface SequencerParts {
  readonly log: Pick<EventLog, 'between'>
  /** Everything up to here is settled. */
  readonly swept: () => number
  /** As far as all was settled when this began. */
  readonly began: number
  /** Settled by an earlier owner although it lies beyond, or handed on not long ago. */
  readonly isSettled: (position: number) => boolean
  readonly wants: (event: Envelope) => boolean
  readonly onEvent: (logged: LoggedEvent) => void
}

interface Mark {
  readonly sequence: number
  readonly position: number
}

export function createSequencer(parts: SequencerParts): Sequencer {
  const marks = new Map<string, Mark>()

  function accept(logged: LoggedEvent): boolean {
    const { stream, sequence, position } = logged
    marks.set(stream, { sequence, position })
    if (parts.isSettled(position) || !parts.wants(logged.event)) return false
    parts.onEvent(logged)
    return true
  }

  /** The one before is settled, or the last that was taken. */
  function isNext({ stream, sequence, previous }: LoggedEvent): boolean {
    const mark = marks.get(stream)
    return mark ? sequence === mark.sequence + 1 : previous <= parts.swept()
  }

  async function fillGap({ stream, sequence }: LoggedEvent, abovePosition: number): Promise<void> {
    const above = marks.get(stream)?.sequence ?? 0
    const missing = await parts.log.between(stream, { above, below: sequence, abovePosition })
    for (const logged of missing) accept(logged)
  }

  return {
    async take(logged, isNews) {
      const mark = marks.get(logged.stream)
      if (mark && logged.sequence <= mark.sequence) return false
      const isLate = !mark && logged.position <= parts.swept()
      if (isLate && !(await isNews())) return false
      // Where one was missed in the settled part, those before it may have been.
      if (isLate) await fillGap(logged, parts.began)
      else if (!isNext(logged)) await fillGap(logged, parts.swept())
      return accept(logged)
    },
    hasTaken: ({ stream, sequence }) => (marks.get(stream)?.sequence ?? 0) >= sequence,
    forget(position) {
      for (const [stream, mark] of marks) if (mark.position <= position) marks.delete(stream)
    },
  }
}
