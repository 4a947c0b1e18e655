import type { Clock, Timer } from '../../clock.ts'
import type { Follower } from '../../event-bus.ts'
import { toFault } from '../../fault.ts'
import { envelopeMatcher } from '../../pattern/rule-index.ts'
import { compileOrFault } from '../matcher.ts'
import type { IndexRow } from './items.ts'
import type { EventLog } from './log.ts'
import type { EventBridgeParts } from './parts.ts'
import { positionAt } from './position.ts'

/** The newest part of the log, read over and over for those who follow. One for the process, however many follow. */
export interface Tail {
  follow(follower: Follower): Promise<AsyncDisposable>
  /** Tells everything that is in the log by now. */
  poll(): Promise<void>
  stop(): void
}

export interface TailParts extends EventBridgeParts {
  readonly clock: Clock
  readonly eventLog: EventLog
  readonly followMs: number
}

const PAGE = 500

export function createTail(parts: TailParts): Tail {
  const { clock, eventLog, graceMs } = parts
  const followers = new Set<{
    readonly matches: ReturnType<typeof envelopeMatcher>
    readonly hear: Follower['hear']
  }>()
  /** Positions told or passed over, as far back as a writer may be late. */
  const seen = new Set<number>()
  let cursor: number | undefined
  let timer: Timer | undefined
  let polling: Promise<void> = Promise.resolve()
  let stopped = false

  async function read(): Promise<void> {
    if (cursor === undefined || followers.size === 0) return
    const overlap = Math.min(cursor, positionAt(clock.now() - graceMs))
    cursor = Math.max(cursor, await tellFrom(graceMs === 0 ? cursor : overlap))
    for (const position of seen) if (position <= overlap) seen.delete(position)
  }

  async function tellFrom(start: number): Promise<number> {
    let after = start
    for (let isEnd = false; !isEnd; ) {
      const rows = await eventLog.index.read({ after, limit: PAGE })
      await tellNew(rows)
      after = rows.at(-1)?.position ?? after
      isEnd = rows.length < PAGE
    }
    return after
  }

  async function tellNew(rows: readonly IndexRow[]): Promise<void> {
    const fresh = rows.filter(({ position }) => !seen.has(position))
    for (const { event } of await eventLog.load(fresh)) tell(event)
    for (const { position } of fresh) seen.add(position)
  }

  function tell(event: Parameters<Follower['hear']>[0]): void {
    if (event.meta.imported) return
    for (const { matches, hear } of followers) {
      if (!matches(event)) continue
      try {
        hear(event)
      } catch (reason) {
        parts.log.error({ err: toFault(reason), eventId: event.id }, 'A follower failed')
      }
    }
  }

  function poll(): Promise<void> {
    const done = polling.then(read)
    polling = done.catch(() => {})
    return done
  }

  async function pollNow(): Promise<void> {
    try {
      await poll()
    } catch (reason) {
      parts.log.error({ code: toFault(reason).code }, 'The log cannot be followed; trying again.')
    }
    arm()
  }

  function arm(): void {
    if (stopped || followers.size === 0) timer = undefined
    else timer = clock.schedule(clock.now() + parts.followMs, () => void pollNow())
  }

  /** What is in the log already was told before anybody followed. */
  async function begin(): Promise<void> {
    const last = await eventLog.index.last()
    const after = positionAt(clock.now() - graceMs)
    const rows = last > after ? await eventLog.index.read({ after, until: last, limit: 100 * PAGE }) : []
    for (const { position } of rows) seen.add(position)
    cursor = last
  }

  return {
    poll,
    async follow({ pattern, hear }) {
      const matches = envelopeMatcher({ pattern, matches: compileOrFault(pattern) })
      if (followers.size === 0) await begin()
      const follower = { matches, hear }
      followers.add(follower)
      if (!timer) arm()
      return { [Symbol.asyncDispose]: async () => void followers.delete(follower) }
    },
    stop() {
      stopped = true
      timer?.cancel()
      followers.clear()
    },
  }
}
