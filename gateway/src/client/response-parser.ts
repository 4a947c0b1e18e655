import { isUtf8 } from 'node:buffer'
import { createByteCollector } from './byte-collector.ts'
import { createChunkedBody } from './chunked-body.ts'
import { createHeadReader, HEAD_BYTES } from './head-reader.ts'
import { withPadding } from './padded.ts'
import type { ResponseHead } from './response-head.ts'
import { WireError } from './wire-error.ts'

/** One response, whole. */
export interface WireAnswer {
  readonly status: number
  /** `content-type`, as it came. */
  readonly type: string | undefined
  /** Its own copy. */
  readonly body: Buffer
  readonly isUtf8: boolean
  /** Whether the connection may be used again. */
  readonly keeps: boolean
  /** After how many milliseconds without a request the server closes, when it says so. */
  readonly keptMs: number | undefined
}

/** Reads one HTTP/1.1 response after another from bytes that are split anywhere. Throws `WireError`. */
export interface ResponseParser {
  /** The first `length` bytes are new. An answer that is followed by more bytes does not keep its connection. */
  feed(bytes: Buffer, length: number): WireAnswer | undefined
  /** Nothing more will come: completes a body that has no other end. */
  end(): WireAnswer | undefined
}

const NOTHING: Buffer = Buffer.alloc(0)

export function createResponseParser(answerBytes: number): ResponseParser {
  const held = createByteCollector()
  const chunked = createChunkedBody(held, { bodyBytes: answerBytes, extraBytes: HEAD_BYTES })
  const reader = createHeadReader()

  let bytes = NOTHING
  let to = 0

  function feedBody(head: ResponseHead, from: number): WireAnswer | undefined {
    if (head.body === 'chunked') {
      const end = chunked.feed(bytes, from, to)
      return chunked.isDone() ? complete(head, held.view(), end === to) : undefined
    }
    if (head.body !== 'until-close') return feedSized(head, head.body, from)
    expectAtMost(held.length() + to - from)
    held.append(bytes, from, to)
    return undefined
  }

  /** A body that came in one piece with its head is read where it lies. */
  function feedSized(head: ResponseHead, size: number, from: number): WireAnswer | undefined {
    const end = from + size - held.length()
    if (held.length() === 0 && end <= to) return complete(head, bytes.subarray(from, end), end === to)
    expectAtMost(size)
    held.append(bytes, from, Math.min(end, to))
    return end <= to ? complete(head, held.view(), end === to) : undefined
  }

  function expectAtMost(size: number): void {
    if (size > answerBytes) throw new WireError('too-large', `more than ${answerBytes} bytes`)
  }

  function complete(head: ResponseHead, body: Buffer, isLast: boolean): WireAnswer {
    expectAtMost(body.length)
    const { status, type, keeps, keptMs } = head
    // What was read lies in memory that the next read writes on.
    const copy = withPadding(body)
    const answer = { status, type, body: copy, isUtf8: isUtf8(copy), keeps: keeps && isLast, keptMs }
    reader.reset()
    held.clear()
    chunked.reset()
    return answer
  }

  return {
    feed(read, length) {
      bytes = read
      to = length
      const begun = reader.head()
      const from = begun ? 0 : reader.feed(bytes, 0, to)
      const head = begun ?? reader.head()
      return head && feedBody(head, from)
    },
    end() {
      const head = reader.head()
      return head?.body === 'until-close' ? complete({ ...head, keeps: false }, held.view(), true) : undefined
    },
  }
}
