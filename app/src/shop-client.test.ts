import { once } from 'node:events'
import { createServer } from 'node:http'
import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { createShopClient } from './shop-client.ts'

describe('a shop client', () => {
  it('tells the code of a request that was refused as a whole, which has no data', async () => {
    const errors = [{ message: 'Sign in again.', extensions: { code: 'UNAUTHENTICATED' } }]
    const server = createServer((_request, response) =>
      response.writeHead(401).end(JSON.stringify({ errors })),
    )
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const asked = createShopClient(`http://127.0.0.1:${port}`).ask({
      document: '{ me { id } }',
      answer: z.unknown(),
    })
    await expect(asked).rejects.toThrow('UNAUTHENTICATED: Sign in again.')
    server.close()
  })
})
