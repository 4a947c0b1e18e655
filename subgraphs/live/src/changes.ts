/**
 * What changed since it was last looked at: each thing once, however often it changed. Whoever looks late sees the
 * newest state all the same, so nothing needs to wait and memory stays as it is.
 */
export interface Changes<T> extends AsyncIterableIterator<T> {
  note(changed: T): void
  return(): Promise<IteratorResult<T>>
}

/** Begins with all of `first`; `onClose` is called once. */
export function createChanges<T>(first: readonly T[], onClose: () => void): Changes<T> {
  const waiting = new Set(first)
  let isClosed = false
  let wake: (() => void) | undefined

  function take(): IteratorResult<T> | undefined {
    if (isClosed) return { done: true, value: undefined }
    for (const value of waiting) {
      waiting.delete(value)
      return { done: false, value }
    }
    return undefined
  }

  async function next(): Promise<IteratorResult<T>> {
    for (;;) {
      const taken = take()
      if (taken) return taken
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }

  const changes: Changes<T> = {
    [Symbol.asyncIterator]: () => changes,
    next,
    note(changed) {
      waiting.add(changed)
      wake?.()
    },
    async return() {
      if (!isClosed) onClose()
      isClosed = true
      wake?.()
      return { done: true, value: undefined }
    },
  }
  return changes
}
