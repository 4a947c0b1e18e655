import { type Clock, sleep } from '../clock.ts'
import { Fault, type FaultCode, toFault } from '../fault.ts'
import type { Random } from '../random.ts'

/**
 * Sends one request, again after a pause while its budget lasts. What is sent must be safe to send twice.
 * Throws faults, except for a cancelled transaction: its reasons are for whoever sent it.
 */
export type DynamoCall = <T>(send: (signal: AbortSignal) => Promise<T>) => Promise<T>

const TRIES = 8
const TRY_MS = 3000
const BUDGET_MS = 10_000
const FIRST_PAUSE_MS = 10
const LONGEST_PAUSE_MS = 800

/** Every try has a deadline, all tries together have one, and pauses grow with full jitter. */
export function createDynamoCall(ports: { readonly clock: Clock; readonly random: Random }): DynamoCall {
  return async (send) => {
    const until = ports.clock.now() + BUDGET_MS
    for (let attempt = 1; ; attempt++) {
      try {
        return await sendInTime(ports.clock, send)
      } catch (reason) {
        const hasBudget = attempt < TRIES && ports.clock.now() < until
        if (!hasBudget || !mayPass(reason)) throw finalReason(reason)
      }
      await dynamoPause(ports, attempt)
    }
  }
}

/** Full jitter, as AWS advises against many clients coming back at the same moment. */
export function dynamoPause(ports: { clock: Clock; random: Random }, attempt: number): Promise<void> {
  const ceiling = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt)
  return sleep(ports.clock, Math.ceil(ports.random.next() * ceiling))
}

/** What the service or the wire said, as a fault that says what to do. Hosts stay in the cause. */
function finalReason(reason: unknown): unknown {
  if (errorName(reason) === 'TransactionCanceledException') return reason
  if (mayPass(reason)) return new Fault('STORE_UNAVAILABLE', AWAY, { cause: reason })
  const known = KNOWN[errorName(reason)]
  if (!known) return toFault(reason)
  const [code, advice] = known
  const said = reason instanceof Error ? reason.message : errorName(reason)
  return new Fault(code, `${advice} (${said})`, { cause: reason })
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

/** Whether the same request may succeed a little later: throttled, timed out, cut off, or the service was ill. */
function mayPass(reason: unknown): boolean {
  if (typeof reason !== 'object' || reason === null) return false
  if (PASSING.has(errorName(reason)) || ('$fault' in reason && reason.$fault === 'server')) return true
  const isFromWire = 'code' in reason && String(reason.code).startsWith('E')
  return isFromWire || ('message' in reason && String(reason.message).startsWith(WRAPPED))
}

/** The SDK puts errors of Node that come from another realm, as under jest, into new ones with only a message. */
const WRAPPED = 'AWS SDK error wrapper for'

const PASSING: ReadonlySet<string> = new Set([
  'AbortError',
  'InternalServerError',
  'LimitExceededException',
  'NetworkingError',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ServiceUnavailable',
  'ThrottlingException',
  'TimeoutError',
  'TransactionInProgressException',
])

const AWAY = 'DynamoDB is away or overloaded. Try again later.'
const MISSING = 'A DynamoDB table is missing. Create the tables, or check prefix and region.'

const KNOWN: Readonly<Record<string, readonly [code: FaultCode, advice: string]>> = {
  AccessDeniedException: ['BAD_CONFIG', 'DynamoDB refused us. Check the role and its policy.'],
  CredentialsProviderError: ['BAD_CONFIG', 'There are no AWS credentials. Give the program a role.'],
  ResourceNotFoundException: ['BAD_CONFIG', MISSING],
  UnrecognizedClientException: ['BAD_CONFIG', 'DynamoDB does not know us. Check the AWS credentials.'],
  ValidationException: ['BAD_REQUEST', 'DynamoDB refused the request as it is.'],
}

function errorName(reason: unknown): string {
  return typeof reason === 'object' && reason !== null && 'name' in reason ? String(reason.name) : ''
}
