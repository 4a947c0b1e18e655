import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import { readRequestAtMost } from '@stoa/platform/read-at-most'
import { ok, type Result } from '@stoa/platform/result'
import { quote } from '../quote.ts'
import { type Refusal, refuse } from '../refusal.ts'

/** A request body as it was before it was compressed. The limit holds for what is received and for what it inflates to. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Result<Buffer, Refusal>> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  const open = ENCODINGS.get(encoding)
  if (!open && encoding !== 'identity')
    return refuse(
      'ENCODING_UNSUPPORTED',
      `Expected a body that is plain or compressed once with gzip, deflate or br, got ${quote(encoding)}.`,
    )
  const raw = await readRequestAtMost(request, limit)
  if (!raw) return tooLarge(limit)
  return open ? await open(raw, limit) : ok(raw)
}

type Open = (bytes: Buffer, limit: number) => Promise<Result<Buffer, Refusal>>
type Inflate = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>

const ENCODINGS: ReadonlyMap<string, Open> = new Map([
  ['gzip', openWith(promisify(gunzip))],
  ['deflate', openWith(promisify(inflate))],
  ['br', openWith(promisify(brotliDecompress))],
])

/** Stops inflating at the limit: ten megabytes of zeros are ten kilobytes on the wire. */
function openWith(inflateBytes: Inflate): Open {
  return async (bytes, limit) => {
    try {
      return ok(await inflateBytes(bytes, { maxOutputLength: limit }))
    } catch (reason) {
      const isLarge = codeOf(reason) === 'ERR_BUFFER_TOO_LARGE'
      return isLarge
        ? tooLarge(limit)
        : refuse(
            'ENCODING_UNSUPPORTED',
            'The body is not compressed the way Content-Encoding says. Send it plain.',
          )
    }
  }
}

function codeOf(reason: unknown): unknown {
  return typeof reason === 'object' && reason !== null && 'code' in reason ? reason.code : undefined
}

function tooLarge(limit: number): Result<never, Refusal> {
  return refuse('BODY_TOO_LARGE', `Expected a body of at most ${limit} bytes. Send less, or a document id.`, {
    limit,
  })
}

export function decodeUtf8(bytes: Buffer): Result<string, Refusal> {
  try {
    return ok(utf8.decode(bytes))
  } catch {
    return refuse('JSON_INVALID', 'Expected JSON in UTF-8, got bytes that are not.')
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })
