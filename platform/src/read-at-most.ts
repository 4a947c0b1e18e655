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
export function readRequestAtMost(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return Promise.resolve(undefined)
  // Listeners and no iterator: most bodies are one chunk, and an iterator costs more than reading it.
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    function onData(chunk: Buffer): void {
      size += chunk.length
      chunks.push(chunk)
      if (size <= maxBytes) return
      request.off('data', onData).pause()
      resolve(undefined)
    }
    request.on('data', onData)
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)))
    request.on('error', reject)
    request.on('close', () => {
      if (!request.readableEnded) reject(new Error('The connection closed before the body was whole.'))
    })
  })
}
