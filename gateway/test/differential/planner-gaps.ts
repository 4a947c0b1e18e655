import type { RandomQuery } from './random-query.ts'

/** Ways in which a plan is known to be wrong. Each is counted by its name, and goes when the planner is mended. */
const PLANNER_GAPS = {
  'one of several type conditions on an @interfaceObject is lost': isConditionLost,
  'a field required with arguments is taken from where the client has it with others': isMistaken,
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
 * resolves for the whole interface (its key, too), are null, without an error where they may be.
 */
function isConditionLost({ query, expected, got }: Found): boolean {
  const hasConditions = ['M0', 'M1'].every((name) => new RegExp(`on ${name}\\b`).test(query.text))
  return hasConditions && isSameBut(got, expected, (one) => one === null)
}

/** `twice` requires `scaled(n: 2)`; asked for beside another `scaled`, it is worked out from that one. */
function isMistaken({ query, expected, got }: Found): boolean {
  const hasBoth = /\btwice\b/.test(query.text) && /\bscaled\b/.test(query.text)
  return hasBoth && isSameBut(got, expected, (one) => typeof one === 'number')
}

function isSameBut(got: unknown, expected: unknown, passes: (got: unknown) => boolean): boolean {
  if (passes(got) || Object.is(got, expected)) return true
  const areBoth = typeof got === 'object' && typeof expected === 'object' && got !== null && expected !== null
  if (!areBoth) return false
  const theirs = new Map<string, unknown>(Object.entries(expected))
  const mine = Object.entries(got)
  return (
    mine.length === theirs.size &&
    mine.every(([key, value]) => theirs.has(key) && isSameBut(value, theirs.get(key), passes))
  )
}
