import type { IncomingMessage } from 'node:http'
import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4 } from '@smithy/signature-v4'

const SKEW_MS = 300_000

/** Why AWS would refuse this request's Signature Version 4, in its words; undefined when it would not. */
export async function whyRefused(
  request: IncomingMessage,
  body: Buffer,
  known: {
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
    readonly now: number
  },
): Promise<string | undefined> {
  const { authorization = '', host = '', 'x-amz-date': stamp = '' } = request.headers
  const signedAt = Date.parse(
    String(stamp).replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  )
  const scope =
    /Credential=[^/]+\/\d{8}\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request, SignedHeaders=([^,]+),/.exec(
      authorization,
    )
  if (!scope || Number.isNaN(signedAt)) return 'The request is not signed.'
  if (Math.abs(known.now - signedAt) > SKEW_MS)
    return `Signature expired: ${stamp} is not around ${new Date(known.now).toISOString()}`
  const [, region = '', service = '', names = ''] = scope
  const headers = Object.fromEntries(
    names.split(';').map((name) => [name, String(request.headers[name] ?? '')]),
  )
  const signer = new SignatureV4({
    service,
    region,
    credentials: known.credentials,
    sha256: Sha256,
    applyChecksum: false,
  })
  const own = await signer.sign(
    {
      method: request.method ?? '',
      protocol: 'http:',
      hostname: host.split(':')[0] ?? '',
      path: request.url ?? '',
      headers: { ...headers, host },
      body,
    },
    { signingDate: new Date(signedAt), signableHeaders: new Set(names.split(';')) },
  )
  return own.headers['authorization'] === authorization
    ? undefined
    : 'The request signature we calculated does not match.'
}
