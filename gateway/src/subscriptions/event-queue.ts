import { type Ending, TOO_SLOW } from './ending.ts'

/** Events of one subscription on their way from its source to its client, in order. */
export interface EventQueue {
  /** One too many, and the queue ends as too slow: what waits is let go. False when it has ended. */
  push(event: Buffer): boolean
  /** What waits is still handed out first. Only the first ending counts. */
  end(ending: Ending): void
  /** Nothing more is handed out. */
  cut(ending: Ending): void
  /** The next event, or how it ended. For one reader. */
  next(): Promise<Buffer | Ending>
}

export interface QueueLimits {
  readonly waitingEvents: number
  readonly waitingBytes: number
}

/** Sources tell when they want to and clients read when they can: between the two a bounded number waits. */
export function createEventQueue(limits: QueueLimits): EventQueue {
  const waiting: Buffer[] = []
  let bytes = 0
  let ending: Ending | undefined
  let reader: ((next: Buffer | Ending) => void) | undefined

  function wake(next: Buffer | Ending): void {
    const read = reader
    reader = undefined
    read?.(next)
  }

  function end(last: Ending): void {
    ending ??= last
    wake(ending)
  }

  function cut(last: Ending): void {
    waiting.length = 0
    ending = last
    wake(last)
  }

  function wait(): Promise<Buffer | Ending> {
    return new Promise((resolve) => {
      reader = resolve
    })
  }

  return {
    end,
    cut,
    push(event) {
      if (ending) return false
      if (reader) {
        wake(event)
        return true
      }
      bytes += event.length
      waiting.push(event)
      if (waiting.length > limits.waitingEvents || bytes > limits.waitingBytes) cut(TOO_SLOW)
      return ending === undefined
    },
    next() {
      const event = waiting.shift()
      if (!event) return ending ? Promise.resolve(ending) : wait()
      bytes -= event.length
      return Promise.resolve(event)
    },
  }
}
