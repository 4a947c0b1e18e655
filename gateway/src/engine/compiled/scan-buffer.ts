/** The bytes of a text: reading bytes of an array is much faster than asking a string for its characters. */
export interface ScanBuffer {
  /**
   * Bytes of a text of one character for each, with a zero behind them, which is no part of any JSON: whoever goes
   * from byte to byte stops there. They are valid until the next call.
   */
  bytesOf(text: string): Uint8Array
}

const FIRST_SIZE = 65_536
const LARGEST_KEPT = 4_194_304

/** One for everybody is enough: nothing waits between getting bytes and having read them. */
export function createScanBuffer(): ScanBuffer {
  let buffer = Buffer.allocUnsafeSlow(FIRST_SIZE)
  let held: string | undefined
  return {
    bytesOf(text) {
      if (text === held) return buffer
      const size = text.length + 1
      const target =
        size <= buffer.length ? buffer : Buffer.allocUnsafeSlow(Math.max(size, buffer.length * 2))
      target.write(text, 'latin1')
      target[text.length] = 0
      if (target.length <= LARGEST_KEPT) {
        buffer = target
        held = text
      }
      return target
    },
  }
}
