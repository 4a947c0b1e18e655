import { DEVIATION } from './deviation.ts'

/*
 * Passes over JSON values in the bytes of an answer, each function from where a value begins to where it ends. What
 * they let through is valid JSON of the kind they are named for, so that it may be given to a client as it stands.
 * Anything else throws DEVIATION. Reading behind the end gives undefined, which is no byte and ends every loop.
 */

export function skipString(bytes: Uint8Array, start: number): number {
  if (bytes[start] !== QUOTE) throw DEVIATION
  let at = start + 1
  while (bytes[at] !== QUOTE) at = skipCharacter(bytes, at)
  return at + 1
}

/** The same four bytes at a time. `view` is of the same bytes and at least three more. */
export function skipText(bytes: Uint8Array, view: DataView, start: number): number {
  if (bytes[start] !== QUOTE) throw DEVIATION
  let at = start + 1
  const last = bytes.length
  for (;;) {
    while (at < last && isPlain(view.getInt32(at, true))) at += 4
    for (const end = at + 4; at < end; at = skipCharacter(bytes, at)) if (bytes[at] === QUOTE) return at + 1
  }
}

/**
 * Whether none of four bytes is a quote, a backslash or a control character. Subtracting what a byte must be above takes
 * its highest bit from the byte above when it is not; a byte of UTF-8 beyond ASCII has that bit, and is left alone.
 */
function isPlain(four: number): boolean {
  const quotes = four ^ 0x22222222
  const backslashes = four ^ 0x5c5c5c5c
  const found =
    ((four - 0x20202020) & ~four) |
    ((quotes - 0x01010101) & ~quotes) |
    ((backslashes - 0x01010101) & ~backslashes)
  return (found & 0x80808080) === 0
}

function skipCharacter(bytes: Uint8Array, at: number): number {
  const byte = bytes[at]
  if (byte === BACKSLASH) return skipEscape(bytes, at)
  if (byte === undefined || byte < SPACE) throw DEVIATION
  return at + 1
}

function skipEscape(bytes: Uint8Array, start: number): number {
  const byte = bytes[start + 1]
  if (byte !== LETTER_U) {
    if (byte === undefined || !SHORT_ESCAPES.has(byte)) throw DEVIATION
    return start + 2
  }
  for (let at = start + 2; at < start + 6; at += 1) if (!isHex(bytes[at])) throw DEVIATION
  return start + 6
}

function isHex(byte: number | undefined): boolean {
  if (byte === undefined) return false
  const letter = byte | 32
  return isDigit(byte) || (letter >= 97 && letter <= 102)
}

/** A 32-bit integer without fraction or exponent. */
export function skipInt(bytes: Uint8Array, start: number): number {
  const first = bytes[start] === MINUS ? start + 1 : start
  const at = skipDigits(bytes, first)
  if (isFractional(bytes[at])) throw DEVIATION
  if (at - first > 9 && !isInt32(bytes, start, at)) throw DEVIATION
  return at
}

function isInt32(bytes: Uint8Array, start: number, end: number): boolean {
  const value = numberAt(bytes, start, end)
  return (value | 0) === value
}

export function skipNumber(bytes: Uint8Array, start: number): number {
  let at = skipDigits(bytes, bytes[start] === MINUS ? start + 1 : start)
  if (bytes[at] === DOT) at = skipMoreDigits(bytes, at + 1)
  if (bytes[at] === LETTER_E || bytes[at] === CAPITAL_E) {
    const sign = bytes[at + 1]
    at = skipMoreDigits(bytes, sign === MINUS || sign === PLUS ? at + 2 : at + 1)
    if (!Number.isFinite(numberAt(bytes, start, at))) throw DEVIATION
  }
  return at
}

function numberAt(bytes: Uint8Array, start: number, end: number): number {
  return Number(String.fromCharCode(...bytes.subarray(start, end)))
}

/** Digits as a JSON number begins: no zero before others. */
function skipDigits(bytes: Uint8Array, start: number): number {
  if (bytes[start] !== ZERO) return skipMoreDigits(bytes, start)
  if (isDigit(bytes[start + 1])) throw DEVIATION
  return start + 1
}

function skipMoreDigits(bytes: Uint8Array, start: number): number {
  if (!isDigit(bytes[start])) throw DEVIATION
  let at = start + 1
  while (isDigit(bytes[at])) at += 1
  return at
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE
}

function isFractional(byte: number | undefined): boolean {
  return byte === DOT || byte === LETTER_E || byte === CAPITAL_E
}

export function skipBoolean(bytes: Uint8Array, start: number): number {
  return bytes[start] === LETTER_T ? skipWord(bytes, start, TRUE) : skipWord(bytes, start, FALSE)
}

export function skipNull(bytes: Uint8Array, start: number): number {
  return skipWord(bytes, start, NULL)
}

function skipWord(bytes: Uint8Array, start: number, word: readonly number[]): number {
  for (let i = 0; i < word.length; i += 1) if (bytes[start + i] !== word[i]) throw DEVIATION
  return start + word.length
}

/** Any value, nested at most `depth` deep, without spaces between its parts. */
export function skipValue(bytes: Uint8Array, start: number, depth: number = 64): number {
  switch (bytes[start]) {
    case QUOTE:
      return skipString(bytes, start)
    case OPEN_BRACE:
    case OPEN_BRACKET:
      return skipNested(bytes, start, depth - 1)
    case LETTER_T:
    case LETTER_F:
      return skipBoolean(bytes, start)
    case LETTER_N:
      return skipNull(bytes, start)
    default:
      return skipNumber(bytes, start)
  }
}

function skipNested(bytes: Uint8Array, start: number, depth: number): number {
  if (depth < 0) throw DEVIATION
  const isObject = bytes[start] === OPEN_BRACE
  const close = isObject ? CLOSE_BRACE : CLOSE_BRACKET
  let at = start + 1
  if (bytes[at] === close) return at + 1
  for (;;) {
    if (isObject) at = skipColon(bytes, skipString(bytes, at))
    at = skipValue(bytes, at, depth)
    const byte = bytes[at]
    at += 1
    if (byte === close) return at
    if (byte !== COMMA) throw DEVIATION
  }
}

function skipColon(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== COLON) throw DEVIATION
  return at + 1
}

/** These very characters, all ASCII. */
export function skipExactly(bytes: Uint8Array, start: number, text: string): number {
  for (let i = 0; i < text.length; i += 1) if (bytes[start + i] !== text.charCodeAt(i)) throw DEVIATION
  return start + text.length
}

const QUOTE = 34
const BACKSLASH = 92
const SPACE = 32
const MINUS = 45
const PLUS = 43
const DOT = 46
const COMMA = 44
const COLON = 58
const ZERO = 48
const NINE = 57
const OPEN_BRACKET = 91
const CLOSE_BRACKET = 93
const OPEN_BRACE = 123
const CLOSE_BRACE = 125
const CAPITAL_E = 69
const LETTER_E = 101
const LETTER_F = 102
const LETTER_N = 110
const LETTER_T = 116
const LETTER_U = 117
/** `"` `\` `/` `b` `f` `n` `r` `t` */
const SHORT_ESCAPES: ReadonlySet<number> = new Set([34, 92, 47, 98, 102, 110, 114, 116])
const TRUE: readonly number[] = [116, 114, 117, 101]
const FALSE: readonly number[] = [102, 97, 108, 115, 101]
const NULL: readonly number[] = [110, 117, 108, 108]
