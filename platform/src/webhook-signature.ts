import { createHmac, timingSafeEqual } from 'node:crypto'
import { err, ok, type Result } from './result.ts'

/** `t=<epoch seconds>,v1=<hex HMAC-SHA256 of "t.body">`: what whoever calls our hooks must send. */
export const SIGNATURE_HEADER = 'stoa-signature'

export interface BadSignature {
  readonly code: 'BAD_SIGNATURE'
  readonly message: string
}

export interface SignedBody {
  /** The exact bytes as they came, as text. */
  readonly body: string
  readonly header: string | undefined
  readonly secret: string
  /** Epoch milliseconds. */
  readonly now: number
}

/** Older or newer than this is a replay or a wrong clock. */
const WINDOW_S = 300
const FORM = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/

/** The header value for a body that is sent now. */
export function signWebhook(body: string, secret: string, now: number): string {
  const seconds = Math.floor(now / 1000)
  return `t=${seconds},v1=${digest(seconds, body, secret).toString('hex')}`
}

/** Accepts only what somebody who knows the secret signed within the last five minutes. */
export function verifyWebhook(signed: SignedBody): Result<true, BadSignature> {
  const parts = FORM.exec(signed.header ?? '')
  if (!parts)
    return refuse(`Expected the header "${SIGNATURE_HEADER}: t=<epoch seconds>,v1=<64 hex digits>".`)
  const seconds = Number(parts[1])
  const given = Buffer.from(parts[2] ?? '', 'hex')
  if (!timingSafeEqual(given, digest(seconds, signed.body, signed.secret))) {
    return refuse(
      'The signature does not match: expected HMAC-SHA256 of "<t>.<body>" with the shared secret.',
    )
  }
  const age = Math.abs(signed.now / 1000 - seconds)
  if (age <= WINDOW_S) return ok(true)
  return refuse(
    `Signed ${Math.round(age)} s away from our clock, expected at most ${WINDOW_S} s. Sign each try anew.`,
  )
}

function digest(seconds: number, body: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(`${seconds}.${body}`).digest()
}

function refuse(message: string): Result<true, BadSignature> {
  return err({ code: 'BAD_SIGNATURE', message })
}
