import type { Test } from './branch.ts'
import { type Problems, shown } from './problem.ts'

/** `{"exactly": "x"}`: the long form of a literal string. */
export function parseExactly(operand: unknown, path: string, problems: Problems): Test | undefined {
  const text = parseText(operand, path, problems)
  return text === undefined ? undefined : (value) => value === text
}

export function parseEqualsIgnoreCase(operand: unknown, path: string, problems: Problems): Test | undefined {
  const text = parseText(operand, path, problems)
  if (text === undefined) return undefined
  const folded = fold(text)
  return (value) => typeof value === 'string' && fold(value) === folded
}

/** `{"prefix": "x"}` or `{"prefix": {"equals-ignore-case": "x"}}`. */
export function parsePrefix(operand: unknown, path: string, problems: Problems): Test | undefined {
  const sought = parseSought(operand, path, problems)
  if (!sought) return undefined
  const { text, change } = sought
  return (value) => typeof value === 'string' && change(value).startsWith(text)
}

/** `{"suffix": "x"}` or `{"suffix": {"equals-ignore-case": "x"}}`. */
export function parseSuffix(operand: unknown, path: string, problems: Problems): Test | undefined {
  const sought = parseSought(operand, path, problems)
  if (!sought) return undefined
  const { text, change } = sought
  return (value) => typeof value === 'string' && change(value).endsWith(text)
}

export function parseText(operand: unknown, path: string, problems: Problems): string | undefined {
  if (typeof operand === 'string') return operand
  problems.add(path, `Expected a string, got ${shown(operand)}.`)
  return undefined
}

interface Sought {
  readonly text: string
  readonly change: (value: string) => string
}

function parseSought(operand: unknown, path: string, problems: Problems): Sought | undefined {
  if (typeof operand === 'string') return { text: operand, change: (value) => value }
  const entries = typeof operand === 'object' && operand !== null ? Object.entries(operand) : []
  const [entry] = entries
  if (entry?.[0] === 'equals-ignore-case' && entries.length === 1 && typeof entry[1] === 'string') {
    return { text: fold(entry[1]), change: fold }
  }
  problems.add(path, `Expected a string or {"equals-ignore-case": "…"}, got ${shown(operand)}.`)
  return undefined
}

/** Upper case first, so that letters with several lower forms (ς and σ) meet. */
function fold(text: string): string {
  return text.toUpperCase().toLowerCase()
}
