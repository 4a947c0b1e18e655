import type { ConsumerChange, Dead, Lease, Waiting, WaitingKey } from './bus-log.ts'

/** What one consumer has to write down, gathered until somebody saves it. */
export interface Changes {
  put(waiting: Waiting): void
  drop(key: WaitingKey): void
  die(dead: Dead): void
  replayed(run: string, cursor?: number): void
  /** Something happened that moves the cursor. */
  touch(): void
  size(): number
  /** Hands everything over and starts anew; undefined when there is nothing to write. */
  take(cursor: number): ConsumerChange | undefined
}

export function createChanges(lease: Lease, onChange: () => void): Changes {
  let put = new Map<string, Waiting>()
  let drop = new Map<string, WaitingKey>()
  let dead: Dead[] = []
  let replays = new Map<string, number | undefined>()
  let touched = false

  function touch(): void {
    if (touched) return
    touched = true
    onChange()
  }

  return {
    touch,
    put(waiting) {
      drop.delete(keyOf(waiting))
      put.set(keyOf(waiting), waiting)
      touch()
    },
    drop(key) {
      put.delete(keyOf(key))
      drop.set(keyOf(key), key)
      touch()
    },
    die(letter) {
      dead.push(letter)
      touch()
    },
    replayed(run, cursor) {
      replays.set(run, cursor)
      touch()
    },
    size: () => put.size + drop.size + dead.length,
    take(cursor) {
      if (!touched) return undefined
      const change: ConsumerChange = {
        lease,
        cursor,
        put: [...put.values()],
        drop: [...drop.values()],
        dead,
        replays: [...replays].map(([run, at]) => (at === undefined ? { run } : { run, cursor: at })),
      }
      put = new Map()
      drop = new Map()
      dead = []
      replays = new Map()
      touched = false
      return change
    },
  }
}

function keyOf(key: WaitingKey): string {
  return `${key.position}/${key.run}`
}
