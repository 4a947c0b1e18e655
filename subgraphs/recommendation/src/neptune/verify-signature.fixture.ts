import { createHash, createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Refusal } from './gremlin-proxy.fixture.ts'
import type { Credentials } from './sign.ts'

export interface Verifier {
  readonly region: string
  readonly credentials: Credentials
  readonly now: () => number
}

const FIVE_MINUTES_MS = 300_000

/** What Neptune says to a request to open a socket: Signature Version 4 worked out again, from the headers that came. */
export function verifySignature(
  { region, credentials, now }: Verifier,
  request: IncomingMessage,
): Refusal | undefined {
  const { headers } = request
  const parts = /Credential=([^/]+)\/([^,]+), SignedHeaders=([^,]+), Signature=(\w+)/.exec(
    headers.authorization ?? '',
  )
  if (!parts) return refusal('MissingAuthenticationTokenException', 'Missing Authentication Token')
  const [, accessKeyId, scope = '', names = '', signature] = parts
  const date = String(headers['x-amz-date'])
  if (headers['x-amz-security-token'] !== credentials.sessionToken) {
    return refusal('ExpiredTokenException', 'The security token included in the request is expired')
  }
  if (Math.abs(timeOf(date) - now()) > FIVE_MINUTES_MS) {
    return refusal('AccessDeniedException', `Signature expired: ${date} is now earlier than allowed`)
  }
  const day = date.slice(0, 8)
  const expectedScope = `${day}/${region}/neptune-db/aws4_request`
  const canonical = canonicalRequest(request, names.split(';'))
  const toSign = ['AWS4-HMAC-SHA256', date, expectedScope, sha256(canonical)].join('\n')
  const key = [day, region, 'neptune-db', 'aws4_request'].reduce<Buffer | string>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${credentials.secretAccessKey}`,
  )
  const expected = createHmac('sha256', key).update(toSign).digest('hex')
  const holds = accessKeyId === credentials.accessKeyId && scope === expectedScope && signature === expected
  return holds && names.split(';').includes('host')
    ? undefined
    : refusal('AccessDeniedException', 'The request signature we calculated does not match')
}

function canonicalRequest({ url, headers }: IncomingMessage, names: readonly string[]): string {
  const lines = names.map((name) => `${name}:${String(headers[name]).trim()}\n`)
  return ['GET', url, '', lines.join(''), names.join(';'), sha256('')].join('\n')
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** `20261121T201500Z` */
function timeOf(date: string): number {
  const [, y, m, d, h, min, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? []
  return Date.UTC(Number(y), Number(m) - 1, Number(d), Number(h), Number(min), Number(s))
}

function refusal(code: string, detailedMessage: string): Refusal {
  return { status: 403, body: JSON.stringify({ code, detailedMessage }) }
}
