import type { IncomingMessage } from 'node:http'
import { ok, type Result } from '@stoa/platform/result'
import type { ReadyRequest } from '../documents/ready-request.ts'
import type { Limits } from '../limits.ts'
import { quote } from '../quote.ts'
import { type Refusal, refuse } from '../refusal.ts'
import { decodeGet, type NamedDocument, readAddress, readNamed } from './decode-get.ts'
import { isJsonType } from './media-type.ts'
import { type Asked, isRecord, kindOf, parseJson, readAsked } from './read-asked.ts'
import { decodeUtf8, readBody } from './read-body.ts'
import { remembered } from './remembered.ts'

export interface DecodeParts {
  /** What is known of a body that came before, byte for byte. */
  recall(raw: string): ReadyRequest | undefined
  readonly limits: Limits
}

export interface Decoded {
  readonly asked: Asked
  /** The body's bytes, one character for each, when nothing else says what is asked for. */
  readonly raw?: string
  readonly ready?: ReadyRequest
}

/** Reads POST with a JSON body, and GET with everything in the address. */
export function decodeRequest(
  request: IncomingMessage,
  parts: DecodeParts,
): Result<Decoded, Refusal> | Promise<Result<Decoded, Refusal>> {
  const { method, url = '/' } = request
  if (method === 'POST') return decodePost(request, namedIn(url), parts)
  if (method !== 'GET') return refuse('METHOD_NOT_ALLOWED', `Expected GET or POST, got ${method}.`)
  const asked = decodeGet(request, readAddress(url), parts.limits)
  return asked.ok ? ok({ asked: asked.value }) : asked
}

const namedIn = remembered(readNamed)

/** The variables lie two objects deep in a body. */
const ENVELOPE_DEPTH = 2

/** Longer bodies are taken apart each time. */
const LONGEST_RECALLED = 16_384

async function decodePost(
  request: IncomingMessage,
  named: NamedDocument,
  { limits, recall }: DecodeParts,
): Promise<Result<Decoded, Refusal>> {
  const type = request.headers['content-type']
  if (!isJsonType(type))
    return refuse(
      'MEDIA_TYPE_UNSUPPORTED',
      `Expected "Content-Type: application/json" in UTF-8, got ${type ? quote(type) : 'none'}. Send {"query": "…", "variables": {…}}.`,
    )
  const body = await readBody(request, limits.bodyBytes)
  if (!body.ok) return body
  const bytes = body.value
  if (named.documentId !== undefined || bytes.length > LONGEST_RECALLED)
    return decodeBody(bytes, named, limits)
  const raw = bytes.toString('latin1')
  const ready = recall(raw)
  if (ready) return ok({ asked: ready.asked, ready })
  const decoded = decodeBody(bytes, named, limits)
  return decoded.ok ? ok({ ...decoded.value, raw }) : decoded
}

function decodeBody(bytes: Buffer, named: NamedDocument, limits: Limits): Result<Decoded, Refusal> {
  const text = decodeUtf8(bytes)
  if (!text.ok) return text
  const body = parseJson(text.value, 'the body', limits.jsonDepth + ENVELOPE_DEPTH)
  if (!body.ok) return body
  if (Array.isArray(body.value))
    return refuse(
      'BATCHING_REFUSED',
      'Expected one request, got a list. Send each request by itself, or ask for several fields in one.',
    )
  if (!isRecord(body.value))
    return refuse(
      'REQUEST_INVALID',
      `Expected a JSON object: {"query": "…", "variables": {…}}, got ${kindOf(body.value)}.`,
    )
  const asked = readAsked(named.documentId === undefined ? body.value : { ...named, ...body.value })
  return asked.ok ? ok({ asked: asked.value }) : asked
}
