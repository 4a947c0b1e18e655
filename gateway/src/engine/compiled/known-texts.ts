/** Makes short pieces of an answer strings. Keys and type names come again and again, so they are kept for a while. */
export type TextAt = (bytes: Buffer, from: number, to: number) => string

const SLOTS = 2_048
/** Longer ones are made anew: they cost more to compare, and are rarely the same. */
const LONGEST = 24

/** Each slot holds the last text that came to it: bounded, and nothing to tidy up. */
export function createKnownTexts(): TextAt {
  const slots = new Array<string>(SLOTS).fill('')
  return (bytes, from, to) => {
    if (to - from > LONGEST) return bytes.toString('latin1', from, to)
    const slot = slotOf(bytes, from, to)
    const known = slots[slot] ?? ''
    if (isTextAt(known, bytes, from, to)) return known
    const text = bytes.toString('latin1', from, to)
    slots[slot] = text
    return text
  }
}

function slotOf(bytes: Buffer, from: number, to: number): number {
  let hash = to - from
  for (let at = from; at < to; at += 1) hash = Math.imul(hash, 31) + (bytes[at] ?? 0)
  return (hash ^ (hash >>> 11)) & (SLOTS - 1)
}

function isTextAt(text: string, bytes: Buffer, from: number, to: number): boolean {
  if (text.length !== to - from) return false
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) !== bytes[from + i]) return false
  return true
}
