import type { RowQuery } from '../table-store.ts'

/** Negative, zero or positive, by UTF-8 bytes: the same as by code point, unlike `<`, which goes by UTF-16 unit. */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return rank(x) - rank(y)
  }
  return a.length - b.length
}

/** The sort keys a query wants: from `from` (inclusive) or above `above`, and below `below`. */
export interface SortRange {
  readonly from: string
  readonly above: string | undefined
  readonly below: string | undefined
}

/** Folds prefix and `after` into one range; undefined when nothing can be in it. */
export function sortRange(query: RowQuery): SortRange | undefined {
  const from = query.prefix ?? ''
  const end = prefixEnd(from)
  const { after, descending = false } = query
  const beforeRange = after !== undefined && compareUtf8(after, from) < 0
  const pastRange = after !== undefined && end !== undefined && compareUtf8(after, end) >= 0
  if (descending ? beforeRange : pastRange) return undefined
  if (after === undefined || beforeRange || pastRange) return { from, above: undefined, below: end }
  return descending ? { from, above: undefined, below: after } : { from, above: after, below: end }
}

/** The first text after everything that begins with `prefix`; undefined when there is none. */
function prefixEnd(prefix: string): string | undefined {
  const points = Array.from(prefix)
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    const next = (last.codePointAt(0) ?? 0) + 1
    if (next > 0x10_ff_ff) continue
    return points.join('') + String.fromCodePoint(next === 0xd8_00 ? 0xe0_00 : next)
  }
  return undefined
}

/** Surrogates stand for code points above U+FFFF, so they go after U+E000–U+FFFF. */
function rank(unit: number): number {
  if (unit < 0xd8_00) return unit
  return unit >= 0xe0_00 ? unit - 0x8_00 : unit + 0x20_00
}
