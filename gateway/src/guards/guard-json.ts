import { ok, type Result } from '@stoa/platform/result'
import { type Refusal, refuse, refuseLimit } from '../refusal.ts'

/**
 * How deep JSON text nests, before it is parsed: one pass over the characters that skips strings. Says nothing about
 * whether the text is JSON.
 */
export function checkJsonDepth(text: string, limit: number): Result<void, Refusal> {
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at)
    if (char === QUOTE) at = endOfString(text, at + 1)
    else if (char === OPEN_BRACE || char === OPEN_BRACKET) depth += 1
    else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) depth -= 1
    if (depth > limit)
      return refuseLimit('JSON_TOO_DEEP', 'Objects and lists inside one another', { limit, got: depth })
  }
  return ok(undefined)
}

function endOfString(text: string, from: number): number {
  let at = from
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1
  return at
}

const QUOTE = 34
const BACKSLASH = 92
const OPEN_BRACKET = 91
const CLOSE_BRACKET = 93
const OPEN_BRACE = 123
const CLOSE_BRACE = 125

/**
 * Refuses keys that begin with two underscores, at any depth: GraphQL keeps those names for itself, and `__proto__`
 * changes what objects are. Also refuses values nested deeper than `limit`, for callers inside this process.
 */
export function checkNames(value: unknown, limit: number): Result<void, Refusal> {
  if (typeof value !== 'object' || value === null) return ok(undefined)
  if (limit === 0)
    return refuse('JSON_TOO_DEEP', 'The variables nest objects and lists too deep. Flatten them.')
  if (Array.isArray(value)) return firstRefusal(value, limit)
  for (const key of Object.keys(value))
    if (key.startsWith('__'))
      return refuse(
        'NAME_RESERVED',
        `The key "${key.slice(0, 40)}" begins with "__". Rename it: such names are reserved.`,
      )
  return firstRefusal(Object.values(value), limit)
}

function firstRefusal(values: readonly unknown[], limit: number): Result<void, Refusal> {
  for (const value of values) {
    const checked = checkNames(value, limit - 1)
    if (!checked.ok) return checked
  }
  return ok(undefined)
}
