/** One HTTP/1.1 message: its head as text (start line and headers, no empty line), its body as it came. */
export interface HttpMessage {
  readonly head: string
  readonly body: Buffer
}

export type MessageReader = (chunk: Buffer) => void

const CRLF2 = Buffer.from('\r\n\r\n')
const CRLF = Buffer.from('\r\n')

/**
 * Cuts a socket's bytes into HTTP messages, so that the bench's own servers and clients cost next to nothing.
 * It knows content-length and chunked bodies and nothing else: both ends are ours or well-behaved gateways.
 */
export function createMessageReader(onMessage: (message: HttpMessage) => void): MessageReader {
  let chunks: Buffer[] = []
  let buffered = 0
  /** Bytes without which another look is useless. */
  let needed = 0

  function cutAll(bytes: Buffer): void {
    let rest = bytes
    needed = 0
    while (rest.length > 0 && needed === 0) {
      const cut = cutMessage(rest)
      if (typeof cut === 'number') needed = cut
      else {
        rest = rest.subarray(cut.length)
        onMessage(cut.message)
      }
    }
    chunks = rest.length === 0 ? [] : [rest]
    buffered = rest.length
  }

  return (chunk) => {
    chunks.push(chunk)
    buffered += chunk.length
    if (buffered >= needed) cutAll(chunks.length === 1 ? chunk : Buffer.concat(chunks, buffered))
  }
}

/** The first message and the bytes it took, or how many bytes there must be before it makes sense to look again. */
function cutMessage(bytes: Buffer): { message: HttpMessage; length: number } | number {
  const headEnd = bytes.indexOf(CRLF2)
  if (headEnd < 0) return bytes.length + 1
  const head = bytes.toString('latin1', 0, headEnd)
  const start = headEnd + 4
  const announced = /\r\ncontent-length: *(\d+)/i.exec(head)
  if (announced) {
    const end = start + Number(announced[1])
    return bytes.length < end ? end : { message: { head, body: bytes.subarray(start, end) }, length: end }
  }
  if (!/\r\ntransfer-encoding: *chunked/i.test(head))
    return { message: { head, body: bytes.subarray(start, start) }, length: start }
  return cutChunked(bytes, start, head)
}

function cutChunked(
  bytes: Buffer,
  start: number,
  head: string,
): { message: HttpMessage; length: number } | number {
  const parts: Buffer[] = []
  let at = start
  for (;;) {
    const lineEnd = bytes.indexOf(CRLF, at)
    if (lineEnd < 0) return bytes.length + 1
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    if (Number.isNaN(size)) throw new Error('The bench met a chunk whose size is no hexadecimal number.')
    const end = lineEnd + 2 + size + 2
    if (bytes.length < end) return end
    if (size === 0) return { message: { head, body: Buffer.concat(parts) }, length: end }
    parts.push(bytes.subarray(lineEnd + 2, end - 2))
    at = end
  }
}
