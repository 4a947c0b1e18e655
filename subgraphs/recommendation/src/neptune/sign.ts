import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4 } from '@smithy/signature-v4'
import type { Clock } from '@stoa/platform/clock'
import { graphFault } from './graph-fault.ts'

/** AWS credentials as a provider of the SDK gives them: fresh ones each time it is asked, if need be. */
export type CredentialProvider = () => Promise<Credentials>

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

export interface SignerOptions {
  readonly region: string
  readonly credentials: CredentialProvider
  readonly clock: Clock
}

/** The headers that open one WebSocket, for five minutes from now. */
export type Sign = (url: URL) => Promise<Readonly<Record<string, string>>>

/** Signs `GET /gremlin` for the service `neptune-db` (Signature Version 4). The host is signed with its port. */
export function createSigner({ region, credentials, clock }: SignerOptions): Sign {
  return async (url) => {
    try {
      const signer = new SignatureV4({ service: 'neptune-db', region, credentials, sha256: Sha256 })
      const request = {
        method: 'GET',
        protocol: url.protocol,
        hostname: url.hostname,
        path: url.pathname,
        headers: { host: url.host },
      }
      const signed = await signer.sign(request, { signingDate: new Date(clock.now()) })
      // Whoever opens the socket sets the host itself.
      const { host: _, ...headers } = signed.headers
      return headers
    } catch (reason) {
      throw graphFault(isExpired(reason) ? 'credentials_expired' : 'credentials_missing', reason)
    }
  }
}

function isExpired(reason: unknown): boolean {
  return reason instanceof Error && /expired/i.test(`${reason.name} ${reason.message}`)
}
