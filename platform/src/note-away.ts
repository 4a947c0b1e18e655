import type { Log } from './log.ts'

/** Says once that somebody is away and once that they are back, however often they are asked meanwhile. */
export function createAwayNote(log: Log, said: { readonly away: string; readonly back: string }): AwayNote {
  let isAway = false
  return {
    away(reason) {
      if (!isAway) log.warn({ err: reason }, said.away)
      isAway = true
    },
    back() {
      if (isAway) log.info({}, said.back)
      isAway = false
    },
  }
}

export interface AwayNote {
  away(reason: unknown): void
  back(): void
}
