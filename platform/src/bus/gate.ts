/** How many may be at something at once, over several places that do not know each other. */
export interface Gate {
  /** Whether one more may go; if not, `onFree` is called once when it is worth asking again. */
  enter(onFree: () => void): boolean
  leave(count: number): void
}

export function createGate(limit: number): Gate {
  const waiting = new Set<() => void>()
  let inside = 0
  return {
    enter(onFree) {
      if (inside < limit) {
        inside += 1
        return true
      }
      waiting.add(onFree)
      return false
    },
    leave(count) {
      inside -= count
      const woken = [...waiting]
      waiting.clear()
      for (const onFree of woken) onFree()
    },
  }
}
