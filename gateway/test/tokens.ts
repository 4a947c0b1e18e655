import type { Clock } from '@stoa/platform/clock'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { Issuer } from '../src/options.ts'

/** An issuer of access tokens with a key of its own. */
export interface Tokens {
  readonly issuer: Issuer
  /** The header of a customer whose token is good for so many seconds. */
  headerFor(customerId: string, seconds: number): Promise<string>
}

export async function createTokens(clock: Clock): Promise<Tokens> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' }
  const names = { issuer: 'https://issuer.example', audience: 'stoa' }
  return {
    issuer: { ...names, jwks: { keys: [jwk] } },
    async headerFor(sub, seconds) {
      const exp = Math.floor(clock.now() / 1_000) + seconds
      const claims = { iss: names.issuer, aud: names.audience, sub, exp }
      const signed = new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      return `Bearer ${await signed.sign(privateKey)}`
    },
  }
}
