/**
 * Bytes that are followed by zeros, so that they can be read by fours: what is read behind the end is nothing that JSON
 * may hold, and never somebody else's bytes. Answers from the wire come with them.
 */
export function padded(bytes: Buffer): Buffer {
  return isPadded(bytes) ? bytes : withPadding(bytes)
}

/** A copy of its own, with its padding behind it. */
export function withPadding(bytes: Buffer): Buffer {
  const { length } = bytes
  const space = Buffer.allocUnsafeSlow(length + PADDING)
  space.set(bytes)
  for (let i = length; i < length + PADDING; i += 1) space[i] = 0
  return space.subarray(0, length)
}

/** Its bytes with the padding. */
export function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length + PADDING)
}

const PADDING = 8

function isPadded(bytes: Buffer): boolean {
  const { buffer, byteOffset, length } = bytes
  if (byteOffset + length + PADDING > buffer.byteLength) return false
  const view = viewOf(bytes)
  return view.getInt32(length) === 0 && view.getInt32(length + 4) === 0
}
