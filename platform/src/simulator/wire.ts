import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JsonObject } from '../json.ts'
import { readRequestAtMost } from '../read-at-most.ts'

export interface VendorRequest {
  readonly method: string
  /** Without the query: `/v2/authorisations`. */
  readonly path: string
  readonly header: (name: string) => string | undefined
  readonly body: unknown
}

export interface VendorReply {
  readonly status: number
  readonly body: JsonObject
}

export type VendorHandler = (request: VendorRequest) => VendorReply

const LONGEST_BODY = 1_048_576

/** The request, or the refusal of one that cannot be read. */
export async function readRequest(request: IncomingMessage): Promise<VendorRequest | VendorReply> {
  const bytes = await readRequestAtMost(request, LONGEST_BODY)
  if (!bytes) return { status: 413, body: { error: { code: 'too_large' } } }
  const body = parseJson(bytes.toString('utf8'))
  if (!body.ok) return { status: 400, body: { error: { code: 'malformed_json' } } }
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
  const header = (name: string): string | undefined => request.headers[name]?.toString()
  return { method: request.method ?? 'GET', path, header, body: body.value }
}

function parseJson(text: string): { readonly ok: true; readonly value: unknown } | { readonly ok: false } {
  try {
    return { ok: true, value: text === '' ? undefined : JSON.parse(text) }
  } catch {
    return { ok: false }
  }
}

export function reply(response: ServerResponse, answer: VendorReply): void {
  // What is left of a body that was not read would be taken for the next request.
  if (answer.status === 413) response.setHeader('connection', 'close')
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body))
}

/** Resolves with the port it got. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => {
      // A listening TCP server always has an AddressInfo.
      resolve((server.address() as AddressInfo).port)
    })
  })
}

export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
