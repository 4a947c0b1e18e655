import type { Clock } from '../clock.ts'
import type { EventMatcher, EventPattern } from '../event-pattern.ts'
import type { Log } from '../log.ts'
import { createRuleIndex } from '../pattern/rule-index.ts'
import { type BusLog, type LogEntry, placeOf } from './bus-log.ts'
import { createReader } from './reader.ts'

/** The end of the log: every new event passes here once and goes to the consumers whose rule it matches. */
export interface Hub {
  /** Learns where the log ends; before that nothing is handed on. */
  start(): Promise<void>
  add(rule: Rule): void
  remove(listener: Listener): void
  /** What this process has just published. */
  take(entries: readonly LogEntry[]): void
  /** Looks for what others have published. */
  refresh(): void
  tail(): number
  isBusy(): boolean
  stop(): void
}

interface Rule {
  readonly pattern: EventPattern
  readonly matches: EventMatcher
  readonly imported: boolean
  readonly listener: Listener
}

export interface Listener {
  offer(entry: LogEntry): void
}

interface HubParts {
  readonly store: BusLog
  readonly clock: Clock
  readonly log: Log
  /** May have become idle. */
  readonly onRest: () => void
  /** Called now and then as the log grows. */
  readonly onMilestone: () => void
}

const PAGE = 500

/** Every so many events even a consumer that none of them concerns notes how far the log has come. */
const MILESTONE = 1000

export function createHub(parts: HubParts): Hub {
  const index = createRuleIndex<Rule>()
  const rules = new Map<Listener, Rule>()
  let tail: number | undefined
  let starting: Promise<void> | undefined

  /** Looks asked for, and looks taken; one asked for while looking comes afterwards. */
  let asked = 0
  let looked = 0
  let looking = 0

  const reader = createReader({
    ...parts,
    next() {
      if (tail === undefined || looked === asked) return undefined
      looking = asked
      return { after: tail, limit: PAGE }
    },
    take(entries) {
      if (entries.length < PAGE) looked = looking
      handOn(entries)
    },
    onHalt: parts.onRest,
  })

  function handOn(entries: readonly LogEntry[]): void {
    for (const entry of entries) {
      if (tail === undefined || placeOf(entry) <= tail) continue
      tell(entry)
      tail = placeOf(entry)
      if (tail % MILESTONE === 0) parts.onMilestone()
    }
  }

  function tell(entry: LogEntry): void {
    const old = entry.event.meta.imported === true
    for (const rule of index.match(entry.event)) if (rule.imported || !old) rule.listener.offer(entry)
  }

  function refresh(): void {
    asked += 1
    reader.kick()
  }

  async function start(): Promise<void> {
    tail = await parts.store.last()
    // What was published while we asked was not handed on.
    refresh()
  }

  return {
    start: () => (starting ??= start()),
    add(rule) {
      rules.set(rule.listener, rule)
      index.add(rule, rule)
    },
    remove(listener) {
      const rule = rules.get(listener)
      if (rule) index.remove(rule)
      rules.delete(listener)
    },
    take(entries) {
      const [first] = entries
      const last = entries.at(-1)
      if (tail === undefined || !first || !last) return
      // Somebody else's events lie in between: they must pass first.
      if (placeOf(first) === tail + 1) handOn(entries)
      else if (placeOf(last) > tail) refresh()
    },
    refresh,
    tail: () => tail ?? 0,
    isBusy: reader.isReading,
    stop: reader.stop,
  }
}
