/**
 * Where documents that are new wait to be made ready: of however many that came together only one has the process at
 * a time, and between two of them everybody else has a turn.
 */
export interface ColdLane {
  /** A place for one more, to be given back when it is ready; none when too many are there. */
  enter(): Disposable | undefined
  /** Resolves when it is this one's turn; its turn lasts until it waits for something. */
  turn(): Promise<void>
}

/** What is made ready in a second or two; who comes later than that is better refused at once. */
const MOST_INSIDE = 500

export function createColdLane(): ColdLane {
  const waiting: (() => void)[] = []
  let inside = 0
  const place: Disposable = {
    [Symbol.dispose]() {
      inside -= 1
    },
  }
  function next(): void {
    waiting.shift()?.()
    if (waiting.length > 0) setImmediate(next)
  }
  return {
    enter() {
      if (inside >= MOST_INSIDE) return undefined
      inside += 1
      return place
    },
    turn() {
      return new Promise((resolve) => {
        waiting.push(resolve)
        if (waiting.length === 1) setImmediate(next)
      })
    },
  }
}
