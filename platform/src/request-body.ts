import type { IncomingMessage } from 'node:http'
import { Fault } from './fault.ts'

/** The whole body, at most `maxBytes` of it; throws BAD_REQUEST before reading more than that. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLong(maxBytes)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length
    if (size > maxBytes) throw tooLong(maxBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function tooLong(maxBytes: number): Fault {
  return new Fault('BAD_REQUEST', `Expected a body of at most ${maxBytes} bytes.`)
}
