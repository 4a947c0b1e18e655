/**
 * Resolves on Ctrl+C or SIGTERM, or with what `broken` says when that comes first. Another signal then ends the
 * process at once.
 */
export function untilStopped(broken?: Promise<string>): Promise<string | undefined> {
  return new Promise((resolve) => {
    // Nothing else needs to keep the process alive: servers do, but a drained one would not.
    const alive = setInterval(() => {}, 60_000)
    const end = (how?: string): void => {
      clearInterval(alive)
      for (const signal of SIGNALS) {
        process.off(signal, onSignal)
        process.once(signal, () => process.exit(130))
      }
      resolve(how)
    }
    const onSignal = (): void => end()
    for (const signal of SIGNALS) process.once(signal, onSignal)
    void broken?.then(end)
  })
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const
