import { toFault } from '@stoa/platform/fault'

/** Tells a story step by step, and remembers whether each step was as it must be. */
export interface Narrator {
  readonly say: (text: string) => void
  /** Runs a step; what it answers is told after its title. A failure is told too, and ends the story. */
  readonly step: <T>(
    title: string,
    run: () => Promise<{ readonly told: string; readonly value: T }>,
  ) => Promise<T>
  readonly expect: (what: string, holds: boolean, got: unknown) => void
  readonly failures: () => number
  readonly steps: () => number
}

export function createNarrator(write: (text: string) => void): Narrator {
  let failures = 0
  let steps = 0
  const say = (text: string): void => write(`${text}\n`)
  return {
    say,
    async step(title, run) {
      steps += 1
      const started = performance.now()
      try {
        const { told, value } = await run()
        say(`✔ ${title}: ${told}   (${Math.round(performance.now() - started)} ms)`)
        return value
      } catch (reason) {
        failures += 1
        const fault = toFault(reason)
        say(`✖ ${title}: ${fault.code}: ${fault.message}`)
        throw reason
      }
    },
    expect(what, holds, got) {
      steps += 1
      if (!holds) failures += 1
      say(holds ? `✔ ${what}` : `✖ ${what}: got ${JSON.stringify(got)}`)
    },
    failures: () => failures,
    steps: () => steps,
  }
}
