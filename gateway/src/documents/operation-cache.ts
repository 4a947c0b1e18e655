/** Keeps values by key within a budget of bytes, the most wanted longest. */
export interface ByteCache<T> {
  get(key: string): T | undefined
  set(key: string, value: T, bytes: number): void
  /** What was wanted last, the latest first: what was wanted more than once comes before what was not. */
  recent(limit: number): readonly (readonly [key: string, value: T])[]
  /** What is held now, in bytes. */
  readonly bytes: number
}

interface Entry<T> {
  readonly key: string
  readonly value: T
  readonly bytes: number
}

/** The share of the budget for what was wanted only once. */
const NEWCOMERS = 0.2

/**
 * A segmented LRU: what comes in is on probation, what is wanted a second time is protected. A flood of documents
 * that are each sent once therefore pushes out only one another.
 */
export function createByteCache<T>(budget: number): ByteCache<T> {
  const probation = createSegment<T>(budget * NEWCOMERS)
  const kept = createSegment<T>(budget * (1 - NEWCOMERS))
  return {
    get bytes() {
      return probation.bytes + kept.bytes
    },
    get(key) {
      if (kept.newest?.key === key) return kept.newest.value
      const entry = kept.take(key) ?? probation.take(key)
      if (!entry) return undefined
      // What no longer fits among the protected gets a second chance on probation.
      for (const fallen of kept.put(entry)) probation.put(fallen)
      return entry.value
    },
    set(key, value, bytes) {
      kept.take(key)
      probation.take(key)
      probation.put({ key, value, bytes: bytes + key.length * 2 })
    },
    recent(limit) {
      const all = [...probation.entries(), ...kept.entries()]
      return all
        .slice(-limit)
        .toReversed()
        .map(({ key, value }) => [key, value])
    },
  }
}

interface Segment<T> {
  readonly bytes: number
  /** What was put in last and is still there. */
  readonly newest: Entry<T> | undefined
  take(key: string): Entry<T> | undefined
  /** The oldest first. */
  entries(): Iterable<Entry<T>>
  /** Answers with what had to leave, the oldest first. */
  put(entry: Entry<T>): readonly Entry<T>[]
}

function createSegment<T>(budget: number): Segment<T> {
  // A Map keeps the order of insertion, so its first key is the one not wanted for longest.
  const entries = new Map<string, Entry<T>>()
  let bytes = 0
  let newest: Entry<T> | undefined

  function take(key: string): Entry<T> | undefined {
    const entry = entries.get(key)
    if (!entry) return undefined
    entries.delete(key)
    bytes -= entry.bytes
    if (newest === entry) newest = undefined
    return entry
  }

  function shrink(): readonly Entry<T>[] {
    const left: Entry<T>[] = []
    for (const oldest of entries.keys()) {
      if (bytes <= budget) break
      const fallen = take(oldest)
      if (fallen) left.push(fallen)
    }
    return left
  }

  return {
    get bytes() {
      return bytes
    },
    get newest() {
      return newest
    },
    take,
    entries: () => entries.values(),
    put(entry) {
      entries.set(entry.key, entry)
      bytes += entry.bytes
      newest = entry
      return bytes <= budget ? NOTHING : shrink()
    },
  }
}

const NOTHING: readonly never[] = []
