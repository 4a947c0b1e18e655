import type { Clock, Timer } from '../../clock.ts'
import type { ConsumerChange, Lease } from '../bus-log.ts'
import type { StateWord } from './state.ts'

/**
 * Cursors move all the time, and each word about one costs a request. A change that says nothing else waits a little and
 * goes with the next: what a crash takes is told again.
 */
export interface CursorPace extends Disposable {
  /** The change as it is to be said now: without its cursor, when that may wait. */
  pace(change: ConsumerChange): ConsumerChange
  /** Says what waits now, for somebody who asks how far consumers are. */
  flush(): Promise<void>
  /** What still waits of this owner, to be said with its last word. */
  take(lease: Lease): readonly StateWord[]
}

interface CursorPaceParts {
  readonly clock: Clock
  readonly say: (words: readonly StateWord[]) => Promise<unknown>
}

/** A cursor alone is written this often at most, in milliseconds. */
const PACE_MS = 100

interface Held {
  readonly lease: Lease
  readonly cursor: number
}

export function createCursorPace({ clock, say }: CursorPaceParts): CursorPace {
  const held = new Map<string, Held>()
  const said = new Map<string, { readonly at: number; readonly cursor: number }>()
  let timer: Timer | undefined

  function hold(one: Held): void {
    held.set(one.lease.consumer, one)
    timer ??= clock.schedule(clock.now() + PACE_MS, () => void flush())
  }

  async function flush(): Promise<void> {
    timer?.cancel()
    timer = undefined
    if (held.size === 0) return
    const waiting = [...held.values()]
    held.clear()
    // One that fails is said with the next: the consumer goes on meanwhile.
    await say(waiting.map(wordOf)).catch(() => {
      for (const one of waiting) if (isNewest(one)) hold(one)
    })
  }

  function isNewest({ lease: { consumer }, cursor }: Held): boolean {
    return !held.has(consumer) && (said.get(consumer)?.cursor ?? 0) <= cursor
  }

  return {
    pace(change) {
      const { lease, cursor } = change
      const now = clock.now()
      const isDue = now - (said.get(lease.consumer)?.at ?? 0) >= PACE_MS
      if (cursor === undefined || isDue || !isCursorOnly(change)) {
        said.set(lease.consumer, { at: now, cursor: cursor ?? 0 })
        held.delete(lease.consumer)
        return change
      }
      hold({ lease, cursor })
      const { cursor: _later, ...rest } = change
      return rest
    },
    flush,
    take(lease) {
      const one = held.get(lease.consumer)
      held.delete(lease.consumer)
      return one?.lease.fence === lease.fence ? [wordOf(one)] : []
    },
    [Symbol.dispose]() {
      timer?.cancel()
      held.clear()
    },
  }
}

function isCursorOnly({ put, drop, dead, replays }: ConsumerChange): boolean {
  return put.length + drop.length + dead.length + replays.length === 0
}

function wordOf({ lease, cursor }: Held): StateWord {
  return { consumer: lease.consumer, kind: 'cursor', id: '', fence: lease.fence, value: cursor }
}
