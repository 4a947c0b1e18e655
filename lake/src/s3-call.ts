import { type Clock, sleep } from '@stoa/platform/clock'
import { countEngineFault, engineFault } from '@stoa/platform/engine-fault'
import type { EngineFaultKind } from '@stoa/platform/engine-fault-kinds'
import type { Fault, FaultCode } from '@stoa/platform/fault'
import type { Random } from '@stoa/platform/random'

/**
 * Sends one request, again after a pause while its budget lasts. What is sent must be safe to send twice. Throws coded
 * faults, except for answers in `expected`, which are for whoever asked.
 */
export type S3Call = <T>(
  send: (signal: AbortSignal) => Promise<T>,
  expected?: readonly string[],
) => Promise<T>

const TRIES = 6
const TRY_MS = 10_000
const BUDGET_MS = 20_000
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 3000

export function createS3Call(ports: { readonly clock: Clock; readonly random: Random }): S3Call {
  const { clock, random } = ports
  return async (send, expected = []) => {
    const until = clock.now() + BUDGET_MS
    for (let attempt = 1; ; attempt++) {
      try {
        return await sendInTime(clock, send)
      } catch (reason) {
        if (expected.includes(errorName(reason))) throw reason
        passOrThrow(reason, attempt < TRIES && clock.now() < until)
      }
      // Full jitter: many writers that were throttled together should not come back together.
      const ceiling = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt)
      await sleep(clock, Math.ceil(random.next() * ceiling))
    }
  }
}

/** Counts what another try may heal; throws the rest. */
function passOrThrow(reason: unknown, hasBudget: boolean): void {
  const what = understand(reason)
  if (!hasBudget || !what.passing) throw toS3Fault(what, reason)
  countEngineFault('s3', what.kind, what.code)
}

export function errorName(reason: unknown): string {
  return typeof reason === 'object' && reason !== null && 'name' in reason ? String(reason.name) : ''
}

async function sendInTime<T>(clock: Clock, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController()
  const timer = clock.schedule(clock.now() + TRY_MS, () => late.abort())
  try {
    return await send(late.signal)
  } finally {
    timer.cancel()
  }
}

interface Trouble {
  /** The runbook's word. */
  readonly kind: EngineFaultKind
  readonly code: FaultCode
  readonly message: string
  /** Whether the same request may succeed a little later. */
  readonly passing: boolean
}

const AWAY: Trouble = {
  kind: 'away',
  code: 'STORE_UNAVAILABLE',
  message: 'S3 does not answer. Events wait on the bus; check the network and the endpoint.',
  passing: true,
}
const THROTTLED: Trouble = {
  kind: 'throttled',
  code: 'OVERLOADED',
  message: 'S3 asks us to slow down. Write fewer and larger objects: raise the age and the size of a batch.',
  passing: true,
}
const SKEWED: Trouble = {
  kind: 'clock_skew',
  code: 'BAD_CONFIG',
  message: 'The clock of this machine is too far from that of S3. Set it by NTP.',
  // The SDK reads the right time from the answer and signs the next try with it.
  passing: true,
}
const EXPIRED: Trouble = {
  kind: 'credentials_expired',
  code: 'BAD_CONFIG',
  message: 'The AWS credentials for S3 have expired. Renew them, or give the program a role.',
  passing: false,
}
const UNKNOWN: Trouble = {
  kind: 'credentials_invalid',
  code: 'BAD_CONFIG',
  message: 'S3 does not know us. Check the AWS credentials of this program.',
  passing: false,
}
const DENIED: Trouble = {
  kind: 'forbidden',
  code: 'BAD_CONFIG',
  message: 'S3 refused us. The role needs PutObject, GetObject, DeleteObject and ListBucket on this bucket.',
  passing: false,
}
const NO_BUCKET: Trouble = {
  kind: 'missing_bucket',
  code: 'BAD_CONFIG',
  message: 'There is no such bucket in this region. Create it, or correct its name or the region.',
  passing: false,
}
const REFUSED: Trouble = {
  kind: 'request_refused',
  code: 'INTERNAL',
  message: 'S3 refused the request as it is. Report it with what the log says.',
  passing: false,
}

const KNOWN: Readonly<Record<string, Trouble>> = {
  AccessDenied: DENIED,
  AuthorizationHeaderMalformed: NO_BUCKET,
  CredentialsProviderError: UNKNOWN,
  ExpiredToken: EXPIRED,
  ExpiredTokenException: EXPIRED,
  Forbidden: DENIED,
  InvalidAccessKeyId: UNKNOWN,
  InvalidToken: UNKNOWN,
  NoSuchBucket: NO_BUCKET,
  PermanentRedirect: NO_BUCKET,
  RequestLimitExceeded: THROTTLED,
  RequestTimeTooSkewed: SKEWED,
  SignatureDoesNotMatch: UNKNOWN,
  SlowDown: THROTTLED,
  Throttling: THROTTLED,
  ThrottlingException: THROTTLED,
  TokenRefreshRequired: EXPIRED,
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
function understand(reason: unknown): Trouble {
  const known = KNOWN[errorName(reason)]
  if (known) return known
  return isAnswer(reason) ? REFUSED : AWAY
}

/** An answer below 500, other than one that says "again": what we sent was wrong. The wire has no status. */
function isAnswer(reason: unknown): boolean {
  if (typeof reason !== 'object' || reason === null || !('$metadata' in reason)) return false
  const { $metadata } = reason
  if (typeof $metadata !== 'object' || $metadata === null || !('httpStatusCode' in $metadata)) return false
  const status = Number($metadata.httpStatusCode)
  return status < 500 && ![408, 409, 429].includes(status)
}

/** Bucket, key and host stay in the cause. */
function toS3Fault({ kind, code, message }: Trouble, cause: unknown): Fault {
  return engineFault(code, message, { engine: 's3', kind, cause })
}
