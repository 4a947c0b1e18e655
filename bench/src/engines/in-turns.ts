/** Two ways to do the same work, each call one piece of it. `n` rises over all calls of both. */
export interface Contest {
  readonly ours: (n: number) => Promise<unknown>
  readonly bare: (n: number) => Promise<unknown>
  /** How many callers at a time. */
  readonly atOnce: number
  /** Default 24. */
  readonly rounds?: number
  /** Of each side in a round. Default 100. */
  readonly roundMs?: number
}

export interface Outcome {
  readonly perSecond: number
  readonly barePerSecond: number
  /** How much longer ours takes than the bare client: the median over the rounds. */
  readonly overheadPercent: number
  /** Of ours, with so many callers at a time. */
  readonly p99Ms: number
}

interface Turn {
  readonly perSecond: number
  readonly times: readonly number[]
}

/**
 * A, B, B, A, A, B … in one process, many short turns: what disturbs the machine disturbs both, and neither always
 * comes second. The first round only warms up.
 */
export async function inTurns(contest: Contest): Promise<Outcome> {
  const { ours, bare, rounds = 24 } = contest
  const found: { readonly ours: Turn; readonly bare: Turn }[] = []
  let n = 0
  const next = (): number => n++
  for (let round = 0; round <= rounds; round++) {
    const isFirst = round % 2 === 0
    const early = await turn(contest, isFirst ? ours : bare, next)
    const late = await turn(contest, isFirst ? bare : ours, next)
    if (round > 0) found.push(isFirst ? { ours: early, bare: late } : { ours: late, bare: early })
  }
  const ratio = median(found.map((one) => one.bare.perSecond / one.ours.perSecond))
  const times = found.flatMap((one) => one.ours.times).toSorted((a, b) => a - b)
  return {
    perSecond: rate(median(found.map((one) => one.ours.perSecond))),
    barePerSecond: rate(median(found.map((one) => one.bare.perSecond))),
    overheadPercent: rounded((ratio - 1) * 100),
    p99Ms: rounded(times[Math.floor(times.length * 0.99)] ?? 0),
  }
}

async function turn(
  { atOnce, roundMs = 100 }: Contest,
  work: (n: number) => Promise<unknown>,
  next: () => number,
): Promise<Turn> {
  const times: number[] = []
  const start = performance.now()
  const caller = async (): Promise<void> => {
    for (let begun = performance.now(); begun - start < roundMs; begun = performance.now()) {
      await work(next())
      times.push(performance.now() - begun)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, caller))
  return { perSecond: (times.length / (performance.now() - start)) * 1000, times }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

function rate(value: number): number {
  return value < 100 ? rounded(value) : Math.round(value)
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}
