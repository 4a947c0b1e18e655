import type { IncomingMessage } from 'node:http'
import { ok, type Result } from '@stoa/platform/result'
import type { Limits } from '../limits.ts'
import { type Refusal, refuse } from '../refusal.ts'
import { isJsonType } from './media-type.ts'
import { type Asked, type JsonRecord, parseJson, readAsked } from './read-asked.ts'

export interface Address {
  readonly parameters: URLSearchParams
  readonly named: NamedDocument
}

/** From `/graphql/sha256:<hex>/<OperationName>`. */
export interface NamedDocument {
  readonly documentId?: string
  readonly operationName?: string
}

export function readAddress(url: string): Address {
  const end = url.indexOf('?')
  return {
    parameters: new URLSearchParams(end === -1 ? '' : url.slice(end + 1)),
    named: readNamed(url),
  }
}

export function readNamed(url: string): NamedDocument {
  const end = url.indexOf('?')
  const path = end === -1 ? url : url.slice(0, end)
  const parts = path.split('/').map(decodePart)
  const at = parts.findIndex((part) => part.startsWith('sha256:'))
  const [documentId, operationName] = at === -1 ? [] : parts.slice(at)
  return { ...(documentId && { documentId }), ...(operationName && { operationName }) }
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    // A stray per cent sign: no document has such a name.
    return part
  }
}

/**
 * A page of another site can make a browser send a GET, so a document of the sender's own needs a header that a
 * browser asks permission for first. A trusted document may be had by its id alone, which caches and links need.
 */
export function decodeGet(
  request: IncomingMessage,
  address: Address,
  limits: Limits,
): Result<Asked, Refusal> {
  const given = readParameters(address, limits)
  if (!given.ok) return given
  if (given.value['query'] !== undefined && !isPreflighted(request))
    return refuse(
      'CROSS_SITE_REFUSED',
      `A document in the address needs one of the headers ${PREFLIGHT.join(', ')}, so that no other site can send it. Add one, or POST.`,
    )
  const asked = readAsked(given.value)
  return asked.ok ? ok({ ...asked.value, mayMutate: false }) : asked
}

function readParameters({ parameters, named }: Address, limits: Limits): Result<JsonRecord, Refusal> {
  const given: Record<string, unknown> = { ...named }
  for (const name of ['query', 'documentId', 'operationName', 'variables', 'extensions']) {
    const [value, second] = parameters.getAll(name)
    if (second !== undefined)
      return refuse('REQUEST_INVALID', `Expected "${name}" once in the address, got it more often.`)
    if (value === undefined || value === '') continue
    const read = JSON_PARAMETERS.has(name)
      ? parseJson(value, `"${name}" of the address`, limits.jsonDepth)
      : ok(value)
    if (!read.ok) return read
    given[name] = read.value
  }
  return ok(given)
}

const JSON_PARAMETERS: ReadonlySet<string> = new Set(['variables', 'extensions'])

/** None of these may be sent to another site by a page without a preflight request. */
const PREFLIGHT = [
  'x-graphql-preflight',
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'authorization',
  'x-api-key',
] as const

function isPreflighted({ headers }: IncomingMessage): boolean {
  return isJsonType(headers['content-type']) || PREFLIGHT.some((name) => headers[name] !== undefined)
}
