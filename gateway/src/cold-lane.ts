/**
 * Where documents that are new wait to be made ready: of however many that came together only one has the process at
 * a time, and between two of them everybody else has a turn.
 */
export interface ColdLane {
  /** Whether one more may wait. */
  hasRoom(): boolean
  /** Resolves when it is this one's turn; its turn lasts until it waits for something. */
  turn(): Promise<void>
}

/** What many would bring in a second or two; who comes later than that is better refused at once. */
const MOST_WAITING = 500

export function createColdLane(): ColdLane {
  const waiting: (() => void)[] = []
  function next(): void {
    waiting.shift()?.()
    if (waiting.length > 0) setImmediate(next)
  }
  return {
    hasRoom: () => waiting.length < MOST_WAITING,
    turn() {
      return new Promise((resolve) => {
        waiting.push(resolve)
        if (waiting.length === 1) setImmediate(next)
      })
    },
  }
}
