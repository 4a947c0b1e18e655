import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { silentLog } from './log.ts'
import { openUpstream, type UpstreamAnswer, type UpstreamRequest } from './upstream.ts'

let server: Server | undefined

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

interface Pong {
  readonly pong: string
}

async function call(
  listener: RequestListener,
  how: Partial<UpstreamRequest<Pong>> = {},
): Promise<UpstreamAnswer<Pong>> {
  const open = createServer(listener)
  server = open
  await new Promise<void>((resolve) => open.listen(0, '127.0.0.1', resolve))
  // A listening server has an address.
  const { port } = open.address() as AddressInfo
  await using upstream = openUpstream({
    name: 'vendor',
    url: `http://127.0.0.1:${port}/base/`,
    log: silentLog,
  })
  const answer: z.ZodType<Pong> = z.object({ pong: z.string() })
  const { signal } = new AbortController()
  return await upstream.call({
    ...{ method: 'POST', path: '/ping', body: { ping: 1 }, accept: [200], answer, repeatable: true, signal },
    ...how,
  })
}

describe('a call to a vendor', () => {
  it('goes below the base path and comes back parsed', async () => {
    const answer = await call((request, response) =>
      response.end(JSON.stringify({ pong: request.url, more: 1 })),
    )
    expect(answer).toEqual({ status: 200, body: { pong: '/base/ping' } })
  })

  it('that may be repeated is tried once more when the connection breaks', async () => {
    let asked = 0
    const flaky: RequestListener = (_, response) => {
      if (++asked === 1) response.destroy()
      else response.end('{"pong":"second"}')
    }
    expect((await call(flaky)).body.pong).toBe('second')
  })

  it('that may not be repeated is not', async () => {
    let asked = 0
    const dead: RequestListener = (_, response) => {
      asked++
      response.destroy()
    }
    await expect(call(dead, { repeatable: false })).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    expect(asked).toBe(1)
  })

  it.each([
    ['not JSON', '<html>Server at 10.0.0.7</html>'],
    ['of another form', '{"pong": 1}'],
    ['empty', ''],
    ['endless', `"${'x'.repeat(1_100_000)}"`],
  ])('whose answer is %s is a fault that no retry mends, and repeats nothing of it', async (_case, body) => {
    const fault = call((_, response) => response.end(body))
    await expect(fault).rejects.toMatchObject({ code: 'UPSTREAM_INVALID', retryable: false })
    await expect(fault).rejects.not.toThrow(/10\.0\.0\.7|xxx|127\.0/)
  })

  it.each([
    [500, 'UPSTREAM_UNAVAILABLE', true],
    [429, 'UPSTREAM_UNAVAILABLE', true],
    [404, 'UPSTREAM_INVALID', false],
    [401, 'UPSTREAM_INVALID', false],
  ])('answered with %i is %s', async (status, code, retryable) => {
    const fault = call((_, response) => response.writeHead(status).end('{"secret":"theirs"}'))
    await expect(fault).rejects.toMatchObject({ code, retryable })
    await expect(fault).rejects.not.toThrow(/theirs/)
  })
})
