import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { Fault } from '@stoa/platform/fault'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'

/** The one key that signs: ES256, named by its thumbprint (RFC 7638). */
export interface SigningKey {
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly privateJwk: JWK
  readonly publicJwk: JWK
}

/** The key of this file, made on first use; without a file a fresh one. */
export async function openSigningKey(file?: string): Promise<SigningKey> {
  const stored = file !== undefined && existsSync(file) ? readKey(file) : undefined
  const privateJwk = stored ?? (await freshKey())
  if (file !== undefined && !stored) writeFileSync(file, JSON.stringify(privateJwk), { mode: 0o600 })
  const privateKey = await importJWK(privateJwk, 'ES256')
  if (privateKey instanceof Uint8Array)
    throw new Fault('BAD_CONFIG', 'Expected an elliptic curve key, got a shared secret.')
  const { kty, crv, x, y } = privateJwk
  const kid = await calculateJwkThumbprint(privateJwk)
  const shared = { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' } as JWK
  return { kid, privateKey, privateJwk: { ...privateJwk, kid, alg: 'ES256', use: 'sig' }, publicJwk: shared }
}

async function freshKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  return await exportJWK(privateKey)
}

function readKey(file: string): JWK {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (reason) {
    throw new Fault(
      'STORE_CORRUPT',
      `The issuer's key file cannot be read. Delete it to get a fresh key; tokens signed so far end.`,
      {
        cause: reason,
      },
    )
  }
}
