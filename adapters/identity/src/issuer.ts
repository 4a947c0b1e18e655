import { once } from 'node:events'
import { createServer } from 'node:http'
import { invariant } from '@stoa/platform/invariant'
import { type JSONWebKeySet, SignJWT } from 'jose'
import type { Account } from './accounts.ts'
import { AUDIENCE, type IssuerOptions, type RequestHandler } from './options.ts'
import { openSigningKey, type SigningKey } from './signing-key.ts'

/** A local OpenID Connect issuer: what Cognito or any OIDC provider is in production. */
export interface Issuer extends AsyncDisposable {
  /** The issuer identifier, which is also its address. */
  readonly url: string
  /** Public keys, for whoever verifies tokens in this process. */
  jwks(): JSONWebKeySet
  /** An access token as the code flow would give it, for demos and tests. */
  mintToken(request: TokenRequest): Promise<string>
}

export interface TokenRequest {
  readonly sub: string
  readonly kind: Account['kind']
  readonly locationId?: string
  readonly scopes: readonly string[]
  readonly ttlSeconds: number
}

/** Tokens can be minted and verified at once; the provider itself is loaded with the first request to it. */
export async function openIssuer(options: IssuerOptions): Promise<Issuer> {
  const key = await openSigningKey(options.keyFile)
  let url = ''
  let handler: Promise<RequestHandler> | undefined
  const server = createServer((request, response) => {
    handler ??= import('./provider.ts').then(({ createProvider }) => createProvider({ ...options, url, key }))
    handler
      .then((handle) => handle(request, response))
      .catch((reason: unknown) => {
        options.log.error({ err: reason }, 'The issuer could not answer')
        if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' })
        response.end('{"error":"server_error"}')
      })
  })
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  invariant(address !== null && typeof address === 'object', 'a listening TCP server has an address')
  url = `http://localhost:${address.port}`
  return {
    url,
    jwks: () => ({ keys: [key.publicJwk] }),
    mintToken: (request) => mintToken({ key, url, options }, request),
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}

interface Minting {
  readonly key: SigningKey
  readonly url: string
  readonly options: IssuerOptions
}

async function mintToken({ key, url, options }: Minting, request: TokenRequest): Promise<string> {
  const now = Math.floor(options.clock.now() / 1000)
  return await new SignJWT({
    kind: request.kind,
    ...(request.locationId === undefined ? {} : { locationId: request.locationId }),
    scope: request.scopes.join(' '),
    jti: options.random.uuid(),
  })
    .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: 'at+jwt' })
    .setIssuer(url)
    .setAudience(AUDIENCE)
    .setSubject(request.sub)
    .setIssuedAt(now)
    .setExpirationTime(now + request.ttlSeconds)
    .sign(key.privateKey)
}
