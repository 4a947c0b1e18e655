import {
  createErrorBook,
  type ErrorBook,
  type MentionedError,
  type PlacedError,
} from '../engine/error-book.ts'
import { type Run, runNode } from '../engine/run-plan.ts'
import type { GraphError } from '../refusal.ts'
import type { Step } from './steps.ts'

/** The sub-requests of one request, each under way from when those it needs are answered. */
export interface Progress {
  /** Whether all is there that these parts need. */
  isDone(mask: bigint): boolean
  /** When something more is there, or all of it. Rejects for bugs. */
  next(): Promise<void>
  /** Sends nothing more; what is under way ends by its deadline. */
  stop(): void
  readonly isStopped: boolean
  /** Errors that subgraphs placed, of the sub-requests that these parts need. */
  placedFor(mask: bigint): readonly PlacedError[]
  /** Errors without a place that nothing has shown yet. */
  unshownFor(mask: bigint, shown: ReadonlySet<GraphError>): readonly MentionedError[]
}

export function startSteps(run: Run, steps: readonly Step[]): Progress {
  const books = steps.map(() => bookWith(run.book))
  const done = new Set<Step>()
  let changed = Promise.withResolvers<void>()
  let isStopped = false

  function change(): void {
    changed.resolve()
    changed = Promise.withResolvers()
  }

  async function carryOut(step: Step, index: number, before: readonly Promise<void>[]): Promise<void> {
    await Promise.all(before)
    const book = books[index]
    if (isStopped || !book) return
    await runNode({ ...run, book }, step.node)
    done.add(step)
    change()
  }

  const started: Promise<void>[] = []
  steps.forEach((step, index) => {
    const before = step.after.flatMap((at) => started[at] ?? [])
    started.push(carryOut(step, index, before))
  })
  const all = Promise.all(started).then(() => {})
  // Whoever waits hears of it; nobody has to.
  all.catch(() => {})

  const booksFor = (mask: bigint): readonly ErrorBook[] =>
    books.filter((_, index) => ((steps[index]?.mask ?? 0n) & mask) !== 0n)
  return {
    isDone: (mask) => steps.every((step) => (step.mask & mask) === 0n || done.has(step)),
    next: () => Promise.race([changed.promise, all]),
    stop() {
      isStopped = true
      change()
    },
    get isStopped() {
      return isStopped
    },
    placedFor: (mask) => booksFor(mask).flatMap((book) => book.placed),
    unshownFor: (mask, shown) => booksFor(mask).flatMap((book) => book.unshown(shown)),
  }
}

/** Why something is missing is known to all; what was placed or mentioned, to those who need the sub-request. */
function bookWith({ miss, reasonFor }: ErrorBook): ErrorBook {
  return { ...createErrorBook(), miss, reasonFor }
}
