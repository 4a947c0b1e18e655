import type { Adopted, Waiting } from '../bus-log.ts'

/** The redrives and replays that an owner has seen. They have names of their own, so one seen once is never new again. */
export interface Runs {
  /** What of this was not seen before; it is from now on. */
  unseen(adopted: Adopted): Adopted
}

export function createRuns(): Runs {
  const seen = new Set<string>()
  const isNew = (key: string): boolean => !seen.has(key) && seen.add(key).size > 0
  return {
    unseen: ({ waiting, replays }) => ({
      waiting: waiting.filter((one) => one.run !== '' && isNew(keyOf(one))),
      replays: replays.filter(({ run }) => isNew(run)),
    }),
  }
}

function keyOf({ position, run }: Waiting): string {
  return `${position}#${run}`
}
