import type { Clock, Timer } from '../../clock.ts'
import type { Postgres } from '../../postgres/open.ts'
import type { BusLog } from '../bus-log.ts'
import { prepareAdoptFresh } from './adoption.ts'
import { preparePostgresConsumers } from './consumers.ts'
import { preparePostgresDeadLetters } from './dead-letters.ts'
import { preparePostgresEvents } from './events.ts'

export interface PostgresLogParts {
  readonly database: Postgres
  /** Quoted. */
  readonly schema: string
  readonly channel: string
  readonly clock: Clock
  readonly pollMs: number
  readonly leaseMs: number
}

/** The log in one PostgreSQL schema, whose tables are there already. */
export function createPostgresLog(parts: PostgresLogParts): BusLog {
  const { database, schema, clock, leaseMs } = parts
  const events = preparePostgresEvents(database, schema)
  const consumers = preparePostgresConsumers(parts)
  const letters = preparePostgresDeadLetters(database, schema)
  const adopt = prepareAdoptFresh(database, schema)
  const watchers = createWatchers(parts)

  /** Lets the others know, when there is anything to know. */
  async function ringing<T>(change: Promise<T>, isNews: (changed: T) => boolean = () => true): Promise<T> {
    const changed = await change
    if (isNews(changed)) database.bell.ring(parts.channel)
    return changed
  }

  return {
    leaseMs,
    append: (batch) => ringing(events.append(batch, watchers.tell), (entries) => entries.length > 0),
    read: events.read,
    at: events.at,
    last: events.last,
    claim: consumers.claim,
    renew: (leases, expiresAt) => consumers.renew(leases, expiresAt - clock.now()),
    release: consumers.release,
    save: consumers.save,
    adopt,
    deadLetters: letters.list,
    redrive: (query, run) => ringing(letters.redrive(query, run), (count) => count > 0),
    discard: letters.discard,
    addReplay: (replay) => ringing(consumers.addReplay(replay)),
    consumers: consumers.stored,
    watch: watchers.watch,
    [Symbol.asyncDispose]: async () => watchers.stop(),
  }
}

interface Watchers {
  /** Somebody may have changed something. */
  tell(): void
  watch(onChange: () => void): Disposable
  stop(): void
}

/** A bell for what is new, and a look now and then for when it stays silent. */
function createWatchers({ database, channel, clock, pollMs }: PostgresLogParts): Watchers {
  const watching = new Set<() => void>()
  let hearing: Disposable | undefined
  let timer: Timer | undefined

  function tell(): void {
    for (const onChange of watching) onChange()
  }

  function arm(): void {
    timer = clock.schedule(clock.now() + pollMs, () => {
      // A virtual clock that jumps by hours should find one look in its way and not a million.
      queueMicrotask(() => {
        if (watching.size > 0) arm()
      })
      tell()
    })
  }

  function stop(): void {
    timer?.cancel()
    hearing?.[Symbol.dispose]()
    hearing = undefined
    watching.clear()
  }

  return {
    tell,
    stop,
    watch(onChange) {
      const watcher = (): void => onChange()
      if (watching.size === 0) arm()
      watching.add(watcher)
      hearing ??= database.bell.hear(channel, tell)
      return {
        [Symbol.dispose]: () => {
          watching.delete(watcher)
          if (watching.size === 0) stop()
        },
      }
    },
  }
}
