/** Events as a test wants them: told to everyone who listens at the moment. */
export interface EventChannel<T> {
  /** A source for whoever asks; it is closed by its `return`. */
  listen(): AsyncIterableIterator<T>
  tell(event: T): void
  /** Whoever listens finds that there are no more. */
  end(): void
  fail(reason: Error): void
  readonly listeners: () => number
  /** Resolves when so many listen. */
  until(listeners: number): Promise<void>
}

interface Listener<T> {
  take(event: T): void
  close(reason?: Error): void
}

export function createEventChannel<T>(): EventChannel<T> {
  const listeners = new Set<Listener<T>>()
  const waiting = new Set<() => void>()
  const changed = (): void => {
    for (const check of waiting) check()
  }

  function listen(): AsyncIterableIterator<T> {
    const events: T[] = []
    let closed: { readonly reason: Error | undefined } | undefined
    let wake = (): void => {}
    const listener: Listener<T> = {
      take(event) {
        events.push(event)
        wake()
      },
      close(reason) {
        closed ??= { reason }
        listeners.delete(listener)
        changed()
        wake()
      },
    }
    const iterator: AsyncIterableIterator<T> = {
      [Symbol.asyncIterator]: () => iterator,
      async next() {
        while (events.length === 0 && !closed) await new Promise<void>((resolve) => (wake = resolve))
        const value = events.shift()
        if (value !== undefined) return { done: false, value }
        if (closed?.reason) throw closed.reason
        return { done: true, value: undefined }
      },
      async return() {
        listener.close()
        return { done: true, value: undefined }
      },
    }
    listeners.add(listener)
    changed()
    return iterator
  }

  return {
    listen,
    listeners: () => listeners.size,
    tell(event) {
      for (const listener of listeners) listener.take(event)
    },
    end() {
      for (const listener of listeners) listener.close()
    },
    fail(reason) {
      for (const listener of listeners) listener.close(reason)
    },
    until(count) {
      return new Promise((resolve) => {
        const check = (): void => {
          if (listeners.size !== count) return
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      })
    },
  }
}
