/** Resolves on Ctrl+C or SIGTERM. A second signal ends the process at once. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    // Nothing else needs to keep the process alive: servers do, but a drained one would not.
    const alive = setInterval(() => {}, 60_000)
    const onSignal = (): void => {
      clearInterval(alive)
      for (const signal of SIGNALS) {
        process.off(signal, onSignal)
        process.once(signal, () => process.exit(130))
      }
      resolve()
    }
    for (const signal of SIGNALS) process.once(signal, onSignal)
  })
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const
