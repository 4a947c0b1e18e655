import type { IncomingMessage } from 'node:http'

/** All bytes, or `undefined` when there are more than `maxBytes`: the stream is closed then, the rest is not read. */
export async function readAtMost(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > maxBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/**
 * The same of a request; the connection stays open for the answer to one that is too long. What is left of that body
 * would be taken for the next request, so the answer must say `connection: close`.
 */
export async function readRequestAtMost(
  request: IncomingMessage,
  maxBytes: number,
): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return undefined
  return await readAtMost(request.iterator({ destroyOnReturn: false }), maxBytes)
}
