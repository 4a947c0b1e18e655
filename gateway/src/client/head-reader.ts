import { createByteCollector } from './byte-collector.ts'
import { type ResponseHead, readResponseHead } from './response-head.ts'
import { garbled, WireError } from './wire-error.ts'

/** Finds the head of a response in bytes that are split anywhere, and reads over interim ones (1xx). */
export interface HeadReader {
  head(): ResponseHead | undefined
  /** Returns where the body begins, or -1 while the head is not whole. */
  feed(bytes: Buffer, from: number, to: number): number
  reset(): void
}

/** Of all heads before one answer. */
export const HEAD_BYTES = 65_536

export function createHeadReader(): HeadReader {
  const held = createByteCollector()
  let head: ResponseHead | undefined
  let size = 0

  /** Returns where the head that begins or goes on at `from` ends, or -1. */
  function readOne(bytes: Buffer, from: number, to: number): number {
    const end = held.length() === 0 ? endOfHead(bytes, from, to) : endOfHeldHead(bytes, from, to)
    size += (end < 0 ? to : end) - from
    if (size > HEAD_BYTES) throw new WireError('too-large', `a head of more than ${HEAD_BYTES} bytes`)
    if (end < 0) held.append(bytes, from, to)
    else takeHead(bytes, from, end)
    return end
  }

  function takeHead(bytes: Buffer, from: number, end: number): void {
    const before = held.view().toString('latin1')
    held.clear()
    const read = recallHead(before + bytes.toString('latin1', from, end))
    if (read.status === 101) throw garbled('it changes to a protocol that nobody asked for')
    if (read.status >= 200) head = read
  }

  /** The empty line may have begun among the last three bytes of an earlier piece. */
  function endOfHeldHead(bytes: Buffer, from: number, to: number): number {
    const tail = held.view().subarray(-3)
    const seam = Buffer.concat([tail, bytes.subarray(from, Math.min(to, from + 3))])
    const end = endOfHead(seam, 0, seam.length)
    return end < 0 ? endOfHead(bytes, from, to) : from + end - tail.length
  }

  return {
    head: () => head,
    feed(bytes, from, to) {
      let at = from
      while (at >= 0 && !head) at = readOne(bytes, at, to)
      return at
    },
    reset() {
      head = undefined
      size = 0
    },
  }
}

/** A server's heads differ in a date and a length if at all, so most have been read before. */
function recallHead(text: string): ResponseHead {
  const known = heads.get(text)
  if (known) return known
  const head = readResponseHead(text)
  if (heads.size >= MOST_HEADS) heads.clear()
  if (text.length <= LONGEST_HEAD) heads.set(text, head)
  return head
}

const heads = new Map<string, ResponseHead>()
const MOST_HEADS = 256
const LONGEST_HEAD = 1_024

/** Where the bytes after the first empty line begin, or -1. */
function endOfHead(bytes: Buffer, from: number, to: number): number {
  for (let at = from + 3; at < to; at += 1)
    if (bytes[at] === LF && bytes[at - 1] === CR && bytes[at - 2] === LF && bytes[at - 3] === CR)
      return at + 1
  return -1
}

const LF = 10
const CR = 13
