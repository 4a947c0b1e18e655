import { ok, type Result } from '@stoa/platform/result'
import { type Refusal, refuseLimit } from '../refusal.ts'

export interface ScanLimits {
  readonly tokens: number
  readonly directives: number
  /** Brackets of any kind inside one another: what keeps the parser's recursion short. */
  readonly nesting: number
}

/**
 * Reads a document once, character by character, before anything is built from it. It knows just enough of the
 * grammar to count; what it cannot make sense of is left for the parser to explain. Costs O(length), and stops at
 * the first limit it passes.
 */
export function scanDocument(text: string, limits: ScanLimits): Result<void, Refusal> {
  const counted: Counted = { tokens: 0, directives: 0, nesting: 0 }
  let at = 0
  while (at < text.length && isWithin(counted, limits)) {
    const char = text.charCodeAt(at)
    const kind = KIND[char] ?? OTHER
    if (kind === BLANK) at += 1
    else if (kind === COMMENT) at = endOfLine(text, at)
    else {
      count(counted, kind, char)
      at = endOfToken(text, at, kind)
    }
  }
  return verdict(counted, limits)
}

type Counted = { -readonly [K in keyof ScanLimits]: number }

function count(counted: Counted, kind: number | undefined, char: number): void {
  counted.tokens += 1
  if (kind === OPEN) counted.nesting += 1
  else if (kind === CLOSE) counted.nesting -= 1
  else if (char === AT_SIGN) counted.directives += 1
}

function isWithin(counted: Counted, limits: ScanLimits): boolean {
  return (
    counted.tokens <= limits.tokens &&
    counted.nesting <= limits.nesting &&
    counted.directives <= limits.directives
  )
}

function verdict(counted: ScanLimits, limits: ScanLimits): Result<void, Refusal> {
  if (counted.nesting > limits.nesting)
    return refuseLimit('TOO_DEEP', 'Brackets inside one another', {
      limit: limits.nesting,
      got: counted.nesting,
    })
  if (counted.directives > limits.directives)
    return refuseLimit('TOO_MANY_DIRECTIVES', 'Directives in the document', {
      limit: limits.directives,
      got: counted.directives,
    })
  if (counted.tokens > limits.tokens)
    return refuseLimit('TOO_MANY_TOKENS', 'Tokens in the document', {
      limit: limits.tokens,
      got: counted.tokens,
    })
  return ok(undefined)
}

function endOfToken(text: string, at: number, kind: number): number {
  if (kind === WORD) return endOfWord(text, at + 1)
  if (kind === QUOTE) return text.startsWith('"""', at) ? endOfBlock(text, at + 3) : endOfString(text, at + 1)
  if (kind === DOT && text.startsWith('...', at)) return at + 3
  return at + 1
}

function endOfLine(text: string, from: number): number {
  let at = from
  while (at < text.length && text.charCodeAt(at) !== NEWLINE && text.charCodeAt(at) !== RETURN) at += 1
  return at
}

function endOfWord(text: string, from: number): number {
  let at = from
  while (at < text.length && KIND[text.charCodeAt(at)] === WORD) at += 1
  return at
}

function endOfString(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const char = text.charCodeAt(at)
    if (char === QUOTE_SIGN) return at + 1
    if (char === NEWLINE || char === RETURN) return at
    if (char === BACKSLASH) at += 1
  }
  return text.length
}

function endOfBlock(text: string, from: number): number {
  const end = text.indexOf('"""', from)
  if (end === -1) return text.length
  return text.charCodeAt(end - 1) === BACKSLASH ? endOfBlock(text, end + 3) : end + 3
}

const [OTHER, BLANK, COMMENT, WORD, QUOTE, DOT, OPEN, CLOSE] = [0, 1, 2, 3, 4, 5, 6, 7]
const NEWLINE = 10
const RETURN = 13
const QUOTE_SIGN = 34
const AT_SIGN = 64
const BACKSLASH = 92

const KIND: Uint8Array = kindsOf({
  [BLANK]: ' \t\n\r,',
  [COMMENT]: '#',
  // Numbers are words here: a sign or a fraction's dot belongs to them, and no count depends on where they end.
  [WORD]: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+',
  [QUOTE]: '"',
  [DOT]: '.',
  [OPEN]: '{[(',
  [CLOSE]: '}])',
})

function kindsOf(table: Readonly<Record<number, string>>): Uint8Array {
  const kinds = new Uint8Array(128)
  for (const [kind, chars] of Object.entries(table))
    for (const char of chars) kinds[char.charCodeAt(0)] = Number(kind)
  return kinds
}
