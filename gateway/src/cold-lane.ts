import type { Result } from '@stoa/platform/result'
import type { PreparedOperation } from './documents/prepare-operation.ts'
import type { Refusal } from './refusal.ts'

/**
 * Where documents that are new wait to be made ready: of however many that came together only one has the process at
 * a time, and between two of them everybody else has a turn.
 */
export interface ColdLane {
  /** Makes one ready, or waits for whoever does so already. Undefined when too many are there. */
  once(key: string, makeReady: () => Promise<Prepared>): Promise<Prepared> | undefined
  /** Resolves when it is this one's turn; its turn lasts until it waits for something. */
  turn(): Promise<void>
}

type Prepared = Result<PreparedOperation, Refusal>

/** What is made ready in a second or two; who comes later than that is better refused at once. */
const MOST_INSIDE = 500

export function createColdLane(): ColdLane {
  const waiting: (() => void)[] = []
  const inside = new Map<string, Promise<Prepared>>()
  function next(): void {
    waiting.shift()?.()
    if (waiting.length > 0) setImmediate(next)
  }
  return {
    once(key, makeReady) {
      const known = inside.get(key)
      if (known || inside.size >= MOST_INSIDE) return known
      const made = makeReady().finally(() => inside.delete(key))
      inside.set(key, made)
      return made
    },
    turn() {
      return new Promise((resolve) => {
        waiting.push(resolve)
        if (waiting.length === 1) setImmediate(next)
      })
    },
  }
}
