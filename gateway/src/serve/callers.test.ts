import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { refusedGateway, startGateway } from '../../test/gateway-program.ts'
import { serveShop } from '../../test/served-shop.ts'
import { shop } from '../../test/small-shop.ts'

const QUERY = '{ latest { id } }'

describe('the gateway by itself', () => {
  it('takes tokens of the issuer that it was told of, and nobody may ask too often', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256')
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256' }
    const issuer = createServer((request, response) =>
      response.end(JSON.stringify(request.url === '/keys' ? { keys: [jwk] } : { jwks_uri: `${url}/keys` })),
    ).listen(0, '127.0.0.1')
    await once(issuer, 'listening')
    const address = issuer.address()
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
    const exp = Math.floor(systemClock.now() / 1000) + 60
    const token = await new SignJWT({ iss: url, aud: 'stoa', sub: 'CU-ada', exp })
      .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
      .sign(privateKey)
    await using served = await serveShop(shop)
    const named = ['--issuer', url, '--audience', 'stoa', '--rate', '0.001:2']
    await using gateway = await startGateway('--supergraph', served.file, ...named)
    const ask = async (authorization: string): Promise<number> => {
      const headers = { 'content-type': 'application/json', authorization }
      const body = JSON.stringify({ query: QUERY })
      return (await fetch(`${gateway.url}/graphql`, { method: 'POST', headers, body })).status
    }
    expect(await ask(`Bearer ${token}`)).toBe(200)
    expect(await ask(`Bearer ${token}`)).toBe(200)
    expect(await ask(`Bearer ${token}`)).toBe(429)
    expect(await ask(`Bearer ${token.slice(0, -9)}`)).toBe(401)
    issuer.closeAllConnections()
    issuer.close()
  })

  it('does not start with a Redis that is none, and does not tell what it read', async () => {
    await using served = await serveShop(shop)
    const file = served.path('redis-url')
    await writeFile(file, 'hunter2\n')
    const named = ['--rate', '5', '--redis-file', file]
    const refused = await refusedGateway('--supergraph', served.file, ...named)
    expect(refused).toMatchObject({ code: 1, complaint: expect.stringContaining('expected a URL') })
    expect(refused.complaint).not.toContain('hunter2')
  })
})
