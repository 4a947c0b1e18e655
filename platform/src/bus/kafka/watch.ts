import { type Clock, sleep } from '../../clock.ts'
import { toFault } from '../../fault.ts'
import type { Log } from '../../log.ts'
import type { KafkaReader } from './reader.ts'
import type { KafkaPartition } from './record.ts'

/** Notices what other processes append. */
export interface KafkaWatch extends AsyncDisposable {
  add(target: WatchTarget): Disposable
}

export interface WatchTarget {
  readonly partition: KafkaPartition
  /** The offset up to which everything is known. */
  readonly end: () => number
  /** There is more. */
  readonly onGrowth: () => Promise<void>
}

export interface KafkaWatchParts {
  /** Its answers wait until there is something. */
  readonly reader: KafkaReader
  readonly clock: Clock
  readonly log: Log
  /** Pause between two looks, in milliseconds. */
  readonly pollMs: number
}

/** A broker that fails is asked again after this, in milliseconds. */
const RETRY_MS = 1000

export function createKafkaWatch(parts: KafkaWatchParts): KafkaWatch {
  const { reader, clock, pollMs } = parts
  const targets = new Set<WatchTarget>()
  const ends = new WeakMap<WatchTarget, number>()
  const closing = new AbortController()
  let running: Promise<void> | undefined

  async function run(): Promise<void> {
    while (targets.size > 0 && !closing.signal.aborted) {
      const isFine = await look()
      await sleep(clock, isFine ? pollMs : RETRY_MS, closing.signal).catch(() => {})
    }
    running = undefined
  }

  async function look(): Promise<boolean> {
    try {
      await Promise.all([...targets].filter(isQuiet).map(lookAt))
      return true
    } catch (reason) {
      if (!closing.signal.aborted)
        parts.log.warn({ code: toFault(reason).code }, 'Kafka cannot be watched; trying again.')
      return false
    }
  }

  /** Where we append ourselves, the offsets that we are given tell of others. */
  function isQuiet(target: WatchTarget): boolean {
    const before = ends.get(target)
    ends.set(target, target.end())
    return before === target.end()
  }

  /** One batch is enough to know that there is more. */
  async function lookAt(target: WatchTarget): Promise<void> {
    const { next, end } = await reader.fetch({ ...target.partition, offset: target.end(), maxBytes: 1 })
    if (targets.has(target) && Math.max(next, end) > target.end()) await target.onGrowth()
  }

  return {
    add(target) {
      targets.add(target)
      running ??= run()
      return { [Symbol.dispose]: () => void targets.delete(target) }
    },
    async [Symbol.asyncDispose]() {
      closing.abort()
      await reader[Symbol.asyncDispose]()
      await running
    },
  }
}
