import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createResponseParser, type WireAnswer } from './response-parser.ts'

const LIMIT = 100_000

/** Feeds the pieces; after the last one the connection ends. */
function parse(pieces: readonly Buffer[], limit: number = LIMIT): WireAnswer | undefined {
  const parser = createResponseParser(limit)
  for (const piece of pieces) {
    const answer = parser.feed(piece, piece.length)
    if (answer) return answer
  }
  return parser.end()
}

function parseText(text: string, limit?: number): WireAnswer | undefined {
  return parse([Buffer.from(text, 'latin1')], limit)
}

function split(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  return places.slice(1).map((end, i) => bytes.subarray(places[i], end))
}

function chunkedText(body: Buffer, sizes: readonly number[], trailer: string): string {
  let text = ''
  let at = 0
  for (const size of [...sizes, body.length]) {
    const piece = body.subarray(at, at + size)
    at += piece.length
    if (piece.length > 0) text += `${piece.length.toString(16)};a="b c"\r\n${piece.toString('latin1')}\r\n`
  }
  return `${text}0\r\n${trailer}\r\n`
}

interface Sample {
  readonly body: Buffer
  readonly framing: 'sized' | 'chunked' | 'until-close'
  readonly sizes: readonly number[]
  readonly trailer: string
  readonly interim: number
}

function responseText({ body, framing, sizes, trailer, interim }: Sample): string {
  const head = `${'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(interim)}HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: now\r\n`
  if (framing === 'chunked')
    return `${head}Transfer-Encoding: chunked\r\n\r\n${chunkedText(body, sizes, trailer)}`
  const length = framing === 'sized' ? `CONTENT-LENGTH:${body.length}\r\n` : ''
  return `${head}${length}\r\n${body.toString('latin1')}`
}

const samples: fc.Arbitrary<Sample> = fc.record({
  body: fc.string({ unit: 'binary', maxLength: 300 }).map((text) => Buffer.from(text)),
  framing: fc.constantFrom('sized', 'chunked', 'until-close'),
  sizes: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 5 }),
  trailer: fc.constantFrom('', 'X-Checksum: 1\r\n', 'a: b\r\nc: d\r\n'),
  interim: fc.integer({ min: 0, max: 2 }),
})

describe('a response', () => {
  it('is read equally wherever its bytes are split', () => {
    fc.assert(
      fc.property(samples, fc.array(fc.nat(), { maxLength: 12 }), (sample, cuts) => {
        const answer = parse(split(Buffer.from(responseText(sample), 'latin1'), cuts))
        expect(answer).toEqual({
          status: 200,
          type: 'application/json',
          body: sample.body,
          isUtf8: true,
          keeps: sample.framing !== 'until-close',
          keptMs: undefined,
        })
      }),
      { numRuns: 500 },
    )
  })

  it('is read byte by byte, one after another', () => {
    const parser = createResponseParser(LIMIT)
    const text = responseText({
      body: Buffer.from('{"data":"è"}'),
      framing: 'chunked',
      sizes: [3, 7],
      trailer: 'a: b\r\n',
      interim: 1,
    })
    const answers = [...Buffer.from(text + text, 'latin1')].flatMap(
      (byte) => parser.feed(Buffer.of(byte), 1) ?? [],
    )
    expect(answers.map((answer) => answer.body.toString())).toEqual(['{"data":"è"}', '{"data":"è"}'])
  })

  it.each([
    [
      'nothing to say',
      'HTTP/1.1 204 No Content\r\n\r\n',
      { status: 204, body: Buffer.from(''), keeps: true },
    ],
    [
      'its end announced',
      'HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 2\r\n\r\n{}',
      { keeps: false },
    ],
    [
      'an old version',
      'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}',
      { body: Buffer.from('{}'), keeps: false },
    ],
    [
      'one length said twice',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}',
      { body: Buffer.from('{}') },
    ],
    [
      'bytes after it',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP',
      { body: Buffer.from('{}'), keeps: false },
    ],
    [
      'how long it is kept',
      'HTTP/1.1 200\r\nKeep-Alive: timeout=5, max=9\r\nContent-Length: 0\r\n\r\n',
      { keptMs: 5_000 },
    ],
    [
      'two types',
      'HTTP/1.1 200 OK\r\nContent-Type: a/b\r\ncontent-type: c/d\r\nContent-Length: 0\r\n\r\n',
      { type: 'a/b, c/d' },
    ],
    ['bytes that are not UTF-8', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n\xc3(', { isUtf8: false }],
  ])('with %s', (_what, text, expected) => {
    expect(parseText(text)).toMatchObject(expected)
  })

  const ok = 'HTTP/1.1 200 OK\r\n'
  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.7\r\n\r\n'],
    ['another version', 'HTTP/2 200\r\n\r\n'],
    ['a change of protocol', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n'],
    [
      'a length and a coding',
      `${ok}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    ],
    ['two lengths', `${ok}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} `],
    ['a list of lengths', `${ok}Content-Length: 2, 2\r\n\r\n{}`],
    ['a length below zero', `${ok}Content-Length: -2\r\n\r\n{}`],
    ['a length with a sign', `${ok}Content-Length: +2\r\n\r\n{}`],
    ['no length at all', `${ok}Content-Length: \r\n\r\n{}`],
    ['an unknown coding', `${ok}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
    ['a space before a colon', `${ok}Content-Length : 2\r\n\r\n{}`],
    ['a folded field', `${ok}X: a\r\n b\r\n\r\n`],
    ['a bare line feed', `${ok}X: a\nContent-Length: 2\r\n\r\n{}`],
    ['a NUL in a field', `${ok}X: a\0b\r\n\r\n`],
    ['a chunk without a size', `${ok}Transfer-Encoding: chunked\r\n\r\n\r\n`],
    ['a chunk whose size is no number', `${ok}Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n`],
    ['a chunk of endless size', `${ok}Transfer-Encoding: chunked\r\n\r\n${'f'.repeat(13)}\r\n`],
    ['a chunk longer than its size', `${ok}Transfer-Encoding: chunked\r\n\r\n2\r\n{} }\r\n0\r\n\r\n`],
    ['a line feed alone after a chunk', `${ok}Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n`],
    ['a line feed in a chunk extension', `${ok}Transfer-Encoding: chunked\r\n\r\n2;a\n{}\r\n0\r\n\r\n`],
  ])('with %s is refused', (_what, text) => {
    expect(() => parseText(text)).toThrow(expect.objectContaining({ failure: 'garbled' }))
  })

  it.each([
    ['body', `${ok}Content-Length: 11\r\n\r\n`],
    ['whole body', `${ok}Content-Length: 11\r\n\r\n${'x'.repeat(11)}`],
    ['chunk', `${ok}Transfer-Encoding: chunked\r\n\r\nb\r\n`],
    ['sum of chunks', `${ok}Transfer-Encoding: chunked\r\n\r\n8\r\n12345678\r\n8\r\n`],
    ['body until the end', `${ok}\r\n${'x'.repeat(11)}`],
    ['head', `${ok}X: ${'x'.repeat(70_000)}`],
    ['number of interim heads', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(3_000)],
    ['chunk extension', `${ok}Transfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(70_000)}`],
    ['trailer', `${ok}Transfer-Encoding: chunked\r\n\r\n0\r\na: ${'x'.repeat(70_000)}`],
  ])('whose %s is too long is refused before its end', (_what, text) => {
    expect(() => parseText(text, 10)).toThrow(expect.objectContaining({ failure: 'too-large' }))
  })

  it('that ends early is no answer', () => {
    for (const text of [
      '',
      ok,
      `${ok}Content-Length: 2\r\n\r\n{`,
      `${ok}Transfer-Encoding: chunked\r\n\r\n0\r\n`,
    ])
      expect(parseText(text)).toBeUndefined()
  })
})
