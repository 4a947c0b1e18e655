/** Puts an answer's bytes together. One is used for one answer after another, none of which waits for anything. */
export interface AnswerWriter {
  /** How much was written of the answer at hand. */
  length(): number
  /** One character for each byte. */
  text(text: string): void
  bytes(source: Bytes, from: number, to: number): void
  /** What stands in this answer already, once more. */
  again(from: number, to: number): void
  /** All of it; the next answer begins. */
  finish(): string | Buffer
}

/** The same bytes twice: one of the two is faster to read. */
export interface Bytes {
  readonly bytes: Buffer
  readonly view: DataView
}

const FIRST_BYTES = 131_072
/** After a larger answer its memory is given back. */
const KEPT_BYTES = 4_194_304
/** Up to so many are copied faster by fours than by a call. */
const FEW = 256
/** Up to so many characters are written faster one by one. */
const SHORT = 20
/** A short answer is sent faster as text, together with its head; a long one would be moved by each garbage collection. */
const LARGE = 16_384

export function createAnswerWriter(): AnswerWriter {
  let out = Buffer.allocUnsafeSlow(FIRST_BYTES)
  let view = new DataView(out.buffer)
  let at = 0

  function need(count: number): void {
    if (at + count > out.length) grow(at + count)
  }

  function grow(least: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(least, out.length * 2))
    larger.set(out)
    use(larger)
  }

  function use(space: Buffer<ArrayBuffer>): void {
    out = space
    view = new DataView(space.buffer)
  }

  function copyByFours({ bytes, view: theirs }: Bytes, from: number, to: number): void {
    let i = from
    for (; i < to - 3; i += 4) view.setInt32(at + i - from, theirs.getInt32(i, true), true)
    for (; i < to; i += 1) out[at + i - from] = bytes[i] ?? 0
  }

  return {
    length: () => at,
    text(text) {
      need(text.length)
      if (text.length < SHORT) for (let i = 0; i < text.length; i += 1) out[at + i] = text.charCodeAt(i)
      else out.write(text, at, text.length, 'latin1')
      at += text.length
    },
    bytes(source, from, to) {
      need(to - from)
      if (to - from <= FEW) copyByFours(source, from, to)
      else source.bytes.copy(out, at, from, to)
      at += to - from
    },
    again(from, to) {
      need(to - from)
      out.copyWithin(at, from, to)
      at += to - from
    },
    finish() {
      const all = at > LARGE ? Buffer.allocUnsafeSlow(at) : out.toString('latin1', 0, at)
      if (typeof all !== 'string') out.copy(all, 0, 0, at)
      if (out.length > KEPT_BYTES) use(Buffer.allocUnsafeSlow(FIRST_BYTES))
      at = 0
      return all
    },
  }
}
