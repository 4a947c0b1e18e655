import type { IncomingMessage } from 'node:http'
import type { Result } from '@stoa/platform/result'
import type { Limits } from '../limits.ts'
import { quote } from '../quote.ts'
import { type Refusal, refuse } from '../refusal.ts'
import { type Address, decodeGet, readAddress } from './decode-get.ts'
import { isJsonType } from './media-type.ts'
import { type Asked, isRecord, kindOf, parseJson, readAsked } from './read-asked.ts'
import { readBodyText } from './read-body.ts'

/** Reads POST with a JSON body, and GET with everything in the address. */
export async function decodeRequest(
  request: IncomingMessage,
  limits: Limits,
): Promise<Result<Asked, Refusal>> {
  const address = readAddress(request.url ?? '/')
  if (request.method === 'GET') return decodeGet(request, address, limits)
  if (request.method === 'POST') return await decodePost(request, address, limits)
  return refuse('METHOD_NOT_ALLOWED', `Expected GET or POST, got ${request.method}.`)
}

/** The variables lie two objects deep in a body. */
const ENVELOPE_DEPTH = 2

async function decodePost(
  request: IncomingMessage,
  address: Address,
  limits: Limits,
): Promise<Result<Asked, Refusal>> {
  const type = request.headers['content-type']
  if (!isJsonType(type))
    return refuse(
      'MEDIA_TYPE_UNSUPPORTED',
      `Expected "Content-Type: application/json" in UTF-8, got ${type ? quote(type) : 'none'}. Send {"query": "…", "variables": {…}}.`,
    )
  const text = await readBodyText(request, limits.bodyBytes)
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
  return readAsked({ ...address.named, ...body.value })
}
