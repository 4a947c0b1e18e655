/** Waiting for a moment at which nothing is under way. */
export interface Rest {
  /** Something ended: those who wait are told if it was the last. */
  check(): void
  wait(): Promise<void>
}

export function createRest(isBusy: () => boolean): Rest {
  let waiters: (() => void)[] = []

  return {
    check() {
      if (waiters.length === 0 || isBusy()) return
      const rested = waiters
      waiters = []
      for (const resolve of rested) resolve()
    },
    async wait() {
      // Whoever was told may start something before the next one looks.
      while (isBusy()) await new Promise<void>((resolve) => waiters.push(resolve))
    },
  }
}
