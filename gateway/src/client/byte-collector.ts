/** Bytes that arrive in pieces, kept in one place. It grows by doubling and is used again. */
export interface ByteCollector {
  length(): number
  append(bytes: Buffer, from: number, to: number): void
  /** All bytes so far, without a copy: good until the next append. */
  view(): Buffer
  clear(): void
}

const FIRST_BYTES = 16_384
/** What a long answer needed is not kept for the short ones after it. */
const MOST_KEPT = 262_144

const NOTHING: Buffer = Buffer.alloc(0)

export function createByteCollector(): ByteCollector {
  let space = NOTHING
  let length = 0
  return {
    length: () => length,
    append(bytes, from, to) {
      const needed = length + to - from
      if (needed > space.length) space = grown(space, length, needed)
      bytes.copy(space, length, from, to)
      length = needed
    },
    view: () => space.subarray(0, length),
    clear() {
      length = 0
      if (space.length > MOST_KEPT) space = NOTHING
    },
  }
}

function grown(space: Buffer, length: number, needed: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.max(FIRST_BYTES, space.length * 2, needed))
  space.copy(larger, 0, 0, length)
  return larger
}
