import { garbled } from './wire-error.ts'

/** What a response's head says of the rest (RFC 9112). */
export interface ResponseHead {
  readonly status: number
  /** `content-type`, as it came. */
  readonly type: string | undefined
  /** How many bytes the body has, or how its end is found. */
  readonly body: number | 'chunked' | 'until-close'
  /** Whether the connection may be used again. */
  readonly keeps: boolean
  /** From `keep-alive: timeout=`: after how many milliseconds without a request the server closes. */
  readonly keptMs: number | undefined
}

/** Reads a whole head, its empty line included. Throws for whatever two readers could understand differently. */
export function readResponseHead(text: string): ResponseHead {
  if (!WHOLE_HEAD.test(text)) throw garbled('its head is no HTTP/1.1 response head')
  const status = Number(text.slice(9, 12))
  const fields = readFields(text)
  const isOld = text.charCodeAt(7) === DIGIT_ZERO
  return {
    status,
    type: fields.type,
    body: bodyOf(fields, status, isOld),
    keeps: isOld ? /\bkeep-alive\b/i.test(fields.connection) : !/\bclose\b/i.test(fields.connection),
    keptMs: fields.keptMs,
  }
}

/** Status line, fields without folding or stray control characters, empty line. */
const WHOLE_HEAD =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  /^HTTP\/1\.[01] [1-5]\d\d(?: [^\0-\x08\n-\x1f\x7f]*)?\r\n(?:[!#$%&'*+\-.^_`|~\dA-Za-z]+:[^\0-\x08\n-\x1f\x7f]*\r\n)*\r\n$/

const DIGIT_ZERO = 48

interface Fields {
  length: string | undefined
  coding: string | undefined
  type: string | undefined
  connection: string
  keptMs: number | undefined
}

/** Only names of the right length are looked at: most fields cost two searches and no string. */
function readFields(text: string): Fields {
  const fields: Fields = {
    length: undefined,
    coding: undefined,
    type: undefined,
    connection: '',
    keptMs: undefined,
  }
  let at = text.indexOf('\r\n') + 2
  while (at < text.length - 2) {
    const colon = text.indexOf(':', at)
    const end = text.indexOf('\r\n', colon)
    const size = colon - at
    if (size === 10 || size === 12 || size === 14 || size === 17)
      takeField(fields, text.slice(at, colon).toLowerCase(), text.slice(colon + 1, end).trim())
    at = end + 2
  }
  return fields
}

function takeField(fields: Fields, name: string, value: string): void {
  if (name === 'content-length') fields.length = sameLength(fields.length, value)
  else if (name === 'transfer-encoding') fields.coding = joined(fields.coding, value)
  else if (name === 'content-type') fields.type = joined(fields.type, value)
  else if (name === 'connection') fields.connection = joined(fields.connection || undefined, value)
  else if (name === 'keep-alive') fields.keptMs = keptMs(value)
}

function joined(first: string | undefined, second: string): string {
  return first === undefined ? second : `${first}, ${second}`
}

function sameLength(first: string | undefined, second: string): string {
  if (first !== undefined && first !== second) throw garbled('it has two lengths')
  return second
}

function keptMs(value: string): number | undefined {
  const [, seconds] = /\btimeout\s*=\s*(\d{1,9})/i.exec(value) ?? []
  return seconds === undefined ? undefined : Number(seconds) * 1_000
}

function bodyOf({ coding, length }: Fields, status: number, isOld: boolean): ResponseHead['body'] {
  if (coding !== undefined) {
    if (length !== undefined) throw garbled('it has both a length and a transfer coding')
    if (isOld || coding.toLowerCase() !== 'chunked') throw garbled('its transfer coding is unknown')
  }
  if (length !== undefined && !/^\d{1,15}$/.test(length)) throw garbled('its length is no number')
  if (status < 200 || status === 204 || status === 304) return 0
  if (coding !== undefined) return 'chunked'
  return length === undefined ? 'until-close' : Number(length)
}
