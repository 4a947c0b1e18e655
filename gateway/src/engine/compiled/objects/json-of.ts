import type { Json } from '../../engine.ts'

/** A short answer is sent faster as text, together with its head. */
const LARGE = 16_384

/** One character for each byte, or the bytes where there are many. */
export function jsonOf(text: string): Json {
  if (text.length <= LARGE && Buffer.byteLength(text) === text.length) return text
  return Buffer.from(text)
}
