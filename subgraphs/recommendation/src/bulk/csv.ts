import { Fault } from '@stoa/platform/fault'

/** A line of a CSV file (RFC 4180), its end included. */
export function csvLine(fields: readonly string[]): string {
  return `${fields.map(quote).join(',')}\n`
}

function quote(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field
}

/** No line of ours comes near it; a quote that is never closed must not fill the memory. */
const LONGEST_RECORD = 65_536

/** The records of a CSV text that comes in pieces, cut anywhere. One record at a time is in memory. */
export async function* readCsv(pieces: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  let rest = ''
  for await (const piece of pieces) {
    rest += piece
    let from = 0
    for (let end = endOfRecord(rest, from); end >= 0; end = endOfRecord(rest, from)) {
      yield fieldsOf(rest.slice(from, end))
      from = end + 1
    }
    rest = rest.slice(from)
    if (rest.length > LONGEST_RECORD) {
      const message = `Expected records of at most ${LONGEST_RECORD} characters. Is a quote never closed?`
      throw new Fault('BAD_REQUEST', message)
    }
  }
  if (rest !== '') yield fieldsOf(rest)
}

/** Where the record that begins there ends: a line feed outside quotes. */
function endOfRecord(text: string, from: number): number {
  let isQuoted = false
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) isQuoted = !isQuoted
    else if (code === LINE_FEED && !isQuoted) return at
  }
  return -1
}

const QUOTE = 34
const LINE_FEED = 10

function fieldsOf(record: string): readonly string[] {
  const line = record.endsWith('\r') ? record.slice(0, -1) : record
  const fields: string[] = []
  for (let at = 0; at <= line.length; ) {
    const end = line[at] === '"' ? endOfQuoted(line, at) : endOfPlain(line, at)
    const field = line.slice(at, end)
    fields.push(line[at] === '"' ? field.slice(1, -1).replaceAll('""', '"') : field)
    at = end + 1
  }
  return fields
}

function endOfPlain(line: string, from: number): number {
  const end = line.indexOf(',', from)
  return end < 0 ? line.length : end
}

/** Behind the quote that closes: two together stand for one inside. */
function endOfQuoted(line: string, from: number): number {
  for (let at = line.indexOf('"', from + 1); at >= 0; at = line.indexOf('"', at + 2)) {
    if (line[at + 1] !== '"') return at + 1
  }
  return line.length
}
