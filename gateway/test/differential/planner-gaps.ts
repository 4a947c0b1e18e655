import type { RandomQuery } from './random-query.ts'

/** Ways in which a plan is known to be wrong. Each is counted by its name, and goes when the planner is mended. */
const PLANNER_GAPS = {
  'one of several type conditions on an @interfaceObject is lost': isConditionLost,
} as const satisfies Readonly<Record<string, Check>>

type Check = (found: Found) => boolean

interface Found {
  readonly query: RandomQuery
  /** The data of both. */
  readonly expected: unknown
  readonly got: unknown
}

export function gapOf(found: Found): string | undefined {
  return Object.entries(PLANNER_GAPS).find(([, isThis]) => isThis(found))?.[0]
}

/**
 * Steps for several implementations become one that is for one of them alone: fields of the others, that a subgraph
 * resolves for the whole interface, are null without an error.
 */
function isConditionLost({ query, expected, got }: Found): boolean {
  const hasConditions = ['M0', 'M1'].every((name) => new RegExp(`on ${name}\\b`).test(query.text))
  return hasConditions && /\bstars\b/.test(query.text) && isSameButNulls(got, expected)
}

function isSameButNulls(got: unknown, expected: unknown): boolean {
  if (got === null || Object.is(got, expected)) return true
  if (typeof got !== 'object' || typeof expected !== 'object' || expected === null) return false
  const [mine, theirs] = [Object.entries(got), Object.entries(expected)]
  return (
    mine.length === theirs.length &&
    mine.every(([key, value], i) => theirs[i]?.[0] === key && isSameButNulls(value, theirs[i][1]))
  )
}
