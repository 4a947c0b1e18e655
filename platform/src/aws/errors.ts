import type { EngineName } from '../engine-fault.ts'
import type { EngineFaultKind } from '../engine-fault-kinds.ts'
import type { FaultCode } from '../fault.ts'

/** One AWS service, as calls to it need to know it. */
export interface AwsService {
  readonly engine: EngineName
  /** For messages: `DynamoDB`. */
  readonly name: string
  /** The code while it is away, ill, slow or overloaded. */
  readonly away: FaultCode
  /** What this one says, by the error's name; before what all of them say. */
  readonly known?: Readonly<Record<string, KnownError>>
  /** Names of errors that are answers: they reach the sender as they are, at once. */
  readonly answers?: ReadonlySet<string>
}

export interface KnownError {
  /** The runbook's word for it. */
  readonly kind: EngineFaultKind
  readonly code: FaultCode
  /** Sentences: what happened, what to do. */
  readonly advice: string
  /** Whether the same request may succeed: a little later, once more at once, or not. Default: not. */
  readonly again?: 'later' | 'once' | 'never'
}

export interface AwsError extends KnownError {
  readonly again: 'later' | 'once' | 'never'
}

/** What an error of the SDK means; undefined when it is none of the service or the wire. */
export function readAwsError(service: AwsService, reason: unknown): AwsError | undefined {
  if (typeof reason !== 'object' || reason === null) return undefined
  const name = errorName(reason)
  const own = service.known?.[name]
  if (own) return { again: 'never', ...own }
  const passing = passingKind(reason, name)
  if (passing)
    return { kind: passing, code: service.away, advice: passingAdvice(service, passing), again: 'later' }
  if (isClockSkew(reason, name)) return { ...SKEW, again: 'once' }
  const common = COMMON[name] ?? ('$fault' in reason ? UNKNOWN : undefined)
  return common && { ...common, advice: common.advice.replaceAll('{name}', service.name), again: 'never' }
}

export function errorName(reason: unknown): string {
  return typeof reason === 'object' && reason !== null && 'name' in reason ? String(reason.name) : ''
}

type PassingKind = 'away' | 'internal' | 'throttled' | 'timed_out'

function passingKind(reason: object, name: string): PassingKind | undefined {
  const status = statusOf(reason)
  if (THROTTLED.has(name) || status === 429) return 'throttled'
  if (TIMED_OUT.has(name)) return 'timed_out'
  if (INTERNAL.has(name) || status >= 500 || ('$fault' in reason && reason.$fault === 'server'))
    return 'internal'
  return isFromWire(reason) ? 'away' : undefined
}

function statusOf(reason: object): number {
  const metadata = '$metadata' in reason ? reason.$metadata : undefined
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return 0
  return Number(metadata.httpStatusCode)
}

/** `$fault` is on what a service answered; a code like ECONNRESET on what Node says of a connection. */
function isFromWire(reason: object): boolean {
  if ('$fault' in reason) return false
  const isFromNode = 'code' in reason && String(reason.code).startsWith('E')
  return isFromNode || ('message' in reason && String(reason.message).startsWith(WRAPPED))
}

/** The SDK puts errors of Node that come from another realm, as under jest, into new ones with only a message. */
const WRAPPED = 'AWS SDK error wrapper for'

/**
 * A signature holds for five minutes around the service's clock. The SDK learns the difference from the answer, so
 * the second try is signed by the service's time: a machine whose clock is off goes on working.
 */
function isClockSkew(reason: object, name: string): boolean {
  if (SKEWED.has(name)) return true
  return SIGNATURE.has(name) && 'message' in reason && SKEW_WORDS.test(String(reason.message))
}

const SKEW_WORDS = /signature (expired|not yet current)/i
const SKEWED: ReadonlySet<string> = new Set(['RequestExpired', 'RequestInTheFuture', 'RequestTimeTooSkewed'])
const SIGNATURE: ReadonlySet<string> = new Set(['InvalidSignatureException', 'SignatureDoesNotMatch'])

const SKEW: KnownError = {
  kind: 'clock_skew',
  code: 'BAD_CONFIG',
  advice: "This machine's clock is more than five minutes off, so AWS refuses what it signs. Set it by NTP.",
}

const INTERNAL: ReadonlySet<string> = new Set([
  'InternalException',
  'InternalFailure',
  'InternalServerError',
  'ServiceUnavailable',
  'ServiceUnavailableException',
])

const TIMED_OUT: ReadonlySet<string> = new Set([
  'AbortError',
  'RequestTimeout',
  'RequestTimeoutException',
  'TimeoutError',
])

const THROTTLED: ReadonlySet<string> = new Set([
  'BandwidthLimitExceeded',
  'KmsThrottled',
  'LimitExceededException',
  'OverLimit',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionInProgressException',
])

function passingAdvice({ name }: AwsService, kind: PassingKind): string {
  const happened: Readonly<Record<PassingKind, string>> = {
    away: `${name} cannot be reached.`,
    internal: `${name} failed inside.`,
    throttled: `${name} is throttling us.`,
    timed_out: `${name} did not answer in time.`,
  }
  return `${happened[kind]} Try again later.`
}

function refused(kind: EngineFaultKind, advice: string): KnownError {
  return { kind, code: 'BAD_CONFIG', advice }
}

const EXPIRED = refused(
  'credentials_expired',
  'The AWS credentials have expired. Let the program take them from a role, or give it fresh ones.',
)
const UNKNOWN_CREDENTIALS = refused(
  'credentials_invalid',
  '{name} does not know who we are. Check the AWS credentials, and that they are meant for this account.',
)
const FORBIDDEN = refused('forbidden', '{name} does not allow this. Check the role and its policy.')
const MALFORMED: KnownError = {
  kind: 'request_refused',
  code: 'BAD_REQUEST',
  advice: '{name} refused the request as it is. The log has its reason.',
}
const UNKNOWN: KnownError = {
  kind: 'unknown',
  code: 'INTERNAL',
  advice: '{name} answered with an error that we do not know. The log has it.',
}

const COMMON: Readonly<Record<string, KnownError>> = {
  AccessDenied: FORBIDDEN,
  AccessDeniedException: FORBIDDEN,
  CredentialsProviderError: refused(
    'credentials_missing',
    'There are no AWS credentials. Give the program a role.',
  ),
  ExpiredToken: EXPIRED,
  ExpiredTokenException: EXPIRED,
  IncompleteSignature: UNKNOWN_CREDENTIALS,
  InvalidAccessKeyId: UNKNOWN_CREDENTIALS,
  InvalidClientTokenId: UNKNOWN_CREDENTIALS,
  InvalidSignatureException: UNKNOWN_CREDENTIALS,
  KmsAccessDenied: FORBIDDEN,
  MissingAuthenticationToken: UNKNOWN_CREDENTIALS,
  MissingAuthenticationTokenException: UNKNOWN_CREDENTIALS,
  SerializationException: MALFORMED,
  SignatureDoesNotMatch: UNKNOWN_CREDENTIALS,
  TokenRefreshRequired: EXPIRED,
  UnrecognizedClientException: UNKNOWN_CREDENTIALS,
  InvalidInputException: MALFORMED,
  ValidationException: MALFORMED,
}
