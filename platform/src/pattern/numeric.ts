import type { Test } from './branch.ts'
import { type Problems, shown } from './problem.ts'

type Compare = (value: number, bound: number) => boolean

const lower: Readonly<Record<string, Compare>> = { '>': (a, b) => a > b, '>=': (a, b) => a >= b }
const upper: Readonly<Record<string, Compare>> = { '<': (a, b) => a < b, '<=': (a, b) => a <= b }
const equal: Readonly<Record<string, Compare>> = { '=': (a, b) => a === b }
const single: Readonly<Record<string, Compare>> = { ...lower, ...upper, ...equal }

/** `{"numeric": [">", 0, "<=", 5]}`: one comparison, or a lower bound and then an upper one. */
export function parseNumeric(operand: unknown, path: string, problems: Problems): Test | undefined {
  const terms: readonly unknown[] = Array.isArray(operand) ? operand : []
  if (terms.length === 2) return comparison({ terms, allowed: single, path }, problems)
  if (terms.length === 4) return range(terms, path, problems)
  problems.add(
    path,
    `Expected [operator, number] or [operator, number, operator, number], got ${shown(operand)}.`,
  )
  return undefined
}

function range(terms: readonly unknown[], path: string, problems: Problems): Test | undefined {
  const from = comparison({ terms: terms.slice(0, 2), allowed: lower, path }, problems)
  const to = comparison({ terms: terms.slice(2), allowed: upper, path }, problems)
  if (!from || !to) return undefined
  if (Number(terms[1]) >= Number(terms[3])) {
    problems.add(path, `Expected the lower bound below the upper one, got ${shown(terms)}.`)
    return undefined
  }
  return (value) => from(value) && to(value)
}

interface Comparison {
  readonly terms: readonly unknown[]
  readonly allowed: Readonly<Record<string, Compare>>
  readonly path: string
}

function comparison({ terms, allowed, path }: Comparison, problems: Problems): Test | undefined {
  const [name, bound] = terms
  const compare = typeof name === 'string' && Object.hasOwn(allowed, name) ? allowed[name] : undefined
  if (!compare) {
    problems.add(path, `Expected one of ${Object.keys(allowed).join(' ')}, got ${shown(name)}.`)
    return undefined
  }
  if (typeof bound !== 'number' || !Number.isFinite(bound)) {
    problems.add(path, `Expected a number after "${name}", got ${shown(bound)}.`)
    return undefined
  }
  return (value) => typeof value === 'number' && compare(value, bound)
}
