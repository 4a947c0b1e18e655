import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readAtMost, readRequestAtMost } from './read-at-most.ts'

async function* chunks(...sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (const size of sizes) yield new Uint8Array(size)
}

describe('a stream', () => {
  it('is read whole up to the limit', async () => {
    expect((await readAtMost(chunks(3, 0, 7), 10))?.length).toBe(10)
    expect((await readAtMost(chunks(), 10))?.length).toBe(0)
  })

  it('is left at the first byte beyond it', async () => {
    const stream = chunks(3, 8, 1)
    expect(await readAtMost(stream, 10)).toBeUndefined()
    expect(await stream.next()).toEqual({ done: true, value: undefined })
  })
})

describe('a request', () => {
  let server: Server
  let url = ''
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const body = await readRequestAtMost(request, 10)
      if (!body) response.setHeader('connection', 'close')
      response.writeHead(body ? 200 : 413).end(body)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  })
  afterAll(() => void server.close())

  it('comes back whole', async () => {
    expect(await (await fetch(url, { method: 'POST', body: 'ada' })).text()).toBe('ada')
  })

  it('can still be answered when it says beforehand that it is too long', async () => {
    expect((await fetch(url, { method: 'POST', body: 'a'.repeat(11) })).status).toBe(413)
  })

  it('can still be answered when it turns out too long', async () => {
    const call = request(url, { method: 'POST' })
    call.write('ada bo')
    call.write('cleo..')
    // The rest never comes.
    const [response]: IncomingMessage[] = await once(call, 'response')
    expect(response?.statusCode).toBe(413)
    call.destroy()
  })
})
