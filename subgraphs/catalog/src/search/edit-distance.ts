/**
 * How many letters must be put in, left out, replaced or swapped with their neighbour to make `typed` the beginning
 * of `word`; `limit + 1` when more than `limit`. (Damerau-Levenshtein, optimal string alignment.)
 */
export function prefixDistance(typed: string, word: string, limit: number): number {
  const width = Math.min(word.length, typed.length + limit)
  let beforeLast: readonly number[] = []
  let last: readonly number[] = Array.from({ length: width + 1 }, (_, column) => column)
  for (let row = 1; row <= typed.length; row++) {
    const next = nextRow({ typed, word, row, width }, last, beforeLast)
    if (Math.min(...next) > limit) return limit + 1
    beforeLast = last
    last = next
  }
  return Math.min(limit + 1, ...last)
}

interface Step {
  readonly typed: string
  readonly word: string
  readonly row: number
  readonly width: number
}

function nextRow(step: Step, last: readonly number[], beforeLast: readonly number[]): readonly number[] {
  const next = [step.row]
  for (let column = 1; column <= step.width; column++) {
    const replaced = at(last, column - 1) + (step.typed[step.row - 1] === step.word[column - 1] ? 0 : 1)
    const best = Math.min(at(last, column) + 1, at(next, column - 1) + 1, replaced)
    next.push(isSwap(step, column) ? Math.min(best, at(beforeLast, column - 2) + 1) : best)
  }
  return next
}

function isSwap({ typed, word, row }: Step, column: number): boolean {
  if (row < 2 || column < 2) return false
  return typed[row - 1] === word[column - 2] && typed[row - 2] === word[column - 1]
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? Number.POSITIVE_INFINITY
}
