import type { Test } from './branch.ts'
import { type Problems, shown } from './problem.ts'

/** `{"wildcard": "a*b"}`; `\*` is a star, `\\` a backslash. */
export function parseWildcard(operand: unknown, path: string, problems: Problems): Test | undefined {
  if (typeof operand !== 'string') {
    problems.add(path, `Expected a string, got ${shown(operand)}.`)
    return undefined
  }
  const parts = split(operand)
  if (typeof parts !== 'string') return matchParts(parts)
  problems.add(path, parts)
  return undefined
}

/** How many stars stand in the wildcards of a leaf element, however it is nested. */
export function starsIn(element: unknown): number {
  if (typeof element !== 'object' || element === null) return 0
  return Object.entries(element).reduce(
    (sum, [name, operand]) => sum + (name === 'wildcard' ? countStars(operand) : starsIn(operand)),
    0,
  )
}

function countStars(operand: unknown): number {
  if (Array.isArray(operand)) return operand.reduce<number>((sum, one) => sum + countStars(one), 0)
  return typeof operand === 'string' ? (operand.match(/\*/g)?.length ?? 0) : 0
}

/** The literal parts between the stars, or what is wrong. */
function split(text: string): readonly string[] | string {
  const parts: string[] = []
  let part = ''
  for (const [token] of text.matchAll(TOKEN)) {
    const problem = problemOf(token)
    if (problem) return problem
    if (token === '*') {
      parts.push(part)
      part = ''
    } else part += token.startsWith('\\') ? token.slice(1) : token
  }
  return [...parts, part]
}

/** A backslash with what follows it, a run of stars, or literal text. */
const TOKEN = /\\.?|\*+|[^\\*]+/gs

function problemOf(token: string): string | undefined {
  if (token.startsWith('**')) return 'Two stars in a row mean the same as one. Write "*".'
  if (!token.startsWith('\\') || token === '\\*' || token === '\\\\') return undefined
  return `Expected \\* or \\\\ after a backslash, got ${shown(token)}.`
}

/** Each part is looked for once, from where the last one ended: the leftmost find is always good enough. */
function matchParts(parts: readonly string[]): Test {
  const first = parts.at(0) ?? ''
  const last = parts.at(-1) ?? ''
  if (parts.length === 1) return (value) => value === first
  const middle = parts.slice(1, -1)
  return (value) => {
    if (typeof value !== 'string' || value.length < first.length + last.length) return false
    if (!value.startsWith(first) || !value.endsWith(last)) return false
    return containsInOrder(value.slice(first.length, value.length - last.length), middle)
  }
}

function containsInOrder(text: string, parts: readonly string[]): boolean {
  let from = 0
  for (const part of parts) {
    const at = text.indexOf(part, from)
    if (at < 0) return false
    from = at + part.length
  }
  return true
}
