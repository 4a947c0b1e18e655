import type { ByteCollector } from './byte-collector.ts'
import { garbled, WireError } from './wire-error.ts'

/** Takes the chunks of a body apart (RFC 9112, section 7.1), however the bytes come. */
export interface ChunkedBody {
  /** Returns where it stopped reading: after the last byte of the body, or at `to`. */
  feed(bytes: Buffer, from: number, to: number): number
  isDone(): boolean
  reset(): void
}

export interface ChunkedLimits {
  /** Of the body without its framing. */
  readonly bodyBytes: number
  /** Of chunk extensions and trailers, which are read over. */
  readonly extraBytes: number
}

/** Where in the grammar the next byte stands. */
type Place =
  | 'size'
  | 'extension'
  | 'size-lf'
  | 'data'
  | 'data-cr'
  | 'data-lf'
  | 'line'
  | 'trailer'
  | 'trailer-lf'
  | 'last-lf'
  | 'done'

export function createChunkedBody(into: ByteCollector, limits: ChunkedLimits): ChunkedBody {
  let place: Place = 'size'
  let digits = 0
  let left = 0
  let extra = 0

  function takeData(bytes: Buffer, from: number, to: number): number {
    const end = Math.min(to, from + left)
    into.append(bytes, from, end)
    left -= end - from
    if (left === 0) place = 'data-cr'
    return end
  }

  /** The size is known: it may not make the body too long. */
  function endSize(): Place {
    if (digits === 0) throw garbled('a chunk has no size')
    if (into.length() + left > limits.bodyBytes)
      throw new WireError('too-large', `more than ${limits.bodyBytes} bytes`)
    digits = 0
    return left === 0 ? 'line' : 'data'
  }

  function readSize(byte: number): Place {
    const digit = HEX_DIGITS[byte] ?? -1
    if (digit >= 0) {
      digits += 1
      if (digits > MOST_DIGITS) throw garbled('the size of a chunk has too many digits')
      left = left * 16 + digit
      return 'size'
    }
    if (digits > 0 && (byte === SEMICOLON || byte === SPACE || byte === TAB)) return 'extension'
    if (byte === CR) return 'size-lf'
    throw garbled('the size of a chunk is no number')
  }

  function readOver(byte: number, same: Place, next: Place): Place {
    extra += 1
    if (extra > limits.extraBytes) throw new WireError('too-large', 'too many bytes beside the body')
    if (byte === CR) return next
    if (byte === LF) throw garbled('a line ends without a carriage return')
    return same
  }

  function step(byte: number): Place {
    switch (place) {
      case 'size':
        return readSize(byte)
      case 'extension':
        return readOver(byte, 'extension', 'size-lf')
      case 'size-lf':
        expectByte(byte, LF)
        return endSize()
      case 'data-cr':
        expectByte(byte, CR)
        return 'data-lf'
      case 'data-lf':
        expectByte(byte, LF)
        return 'size'
      case 'line':
        return byte === CR ? 'last-lf' : readOver(byte, 'trailer', 'trailer-lf')
      case 'trailer':
        return readOver(byte, 'trailer', 'trailer-lf')
      case 'trailer-lf':
        expectByte(byte, LF)
        return 'line'
      case 'last-lf':
        expectByte(byte, LF)
        return 'done'
      case 'data':
      case 'done':
        return place
    }
  }

  return {
    isDone: () => place === 'done',
    feed(bytes, from, to) {
      let at = from
      while (at < to && place !== 'done') {
        if (place === 'data') at = takeData(bytes, at, to)
        else {
          place = step(bytes[at] ?? 0)
          at += 1
        }
      }
      return at
    },
    reset() {
      place = 'size'
      digits = left = extra = 0
    },
  }
}

function expectByte(byte: number, expected: number): void {
  if (byte !== expected) throw garbled('a chunk does not end where it should')
}

/** Thirteen hexadecimal digits are what a JavaScript number holds exactly; no answer is half as long. */
const MOST_DIGITS = 12
const TAB = 9
const LF = 10
const CR = 13
const SPACE = 32
const SEMICOLON = 59

/** The value of each byte as a hexadecimal digit, -1 for all others. */
const HEX_DIGITS: Int8Array = Int8Array.from({ length: 256 }, (_, byte) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(byte).toLowerCase()),
)
