import { engineFault } from '@stoa/platform/engine-fault'
import type { Fault, FaultCode } from '@stoa/platform/fault'

/** What can happen to a call, in the runbook's words. */
export type GraphFaultKind =
  | 'away'
  | 'bad_answer'
  | 'busy'
  | 'clock_skew'
  | 'closed'
  | 'credentials_expired'
  | 'credentials_missing'
  | 'dropped'
  | 'forbidden'
  | 'internal'
  | 'out_of_memory'
  | 'read_only'
  | 'throttled'
  | 'timed_out'
  | 'traversal_refused'
  | 'write_conflict'

/** A coded fault for what happened; what the other side said stays in the cause. */
export function graphFault(kind: GraphFaultKind, cause?: unknown): Fault {
  const [code, message] = MEANINGS[kind]
  return engineFault(code, message, { engine: 'neptune', kind, cause })
}

/** An answer with a status that says no: Neptune names the exception in JSON, Gremlin Server in words. */
export function faultOfStatus(code: number, message: string): Fault {
  const cause = new Error(`${code}: ${message.slice(0, 2_000)}`)
  const name = /"code"\s*:\s*"(\w+)"/.exec(message)?.[1] ?? ''
  return graphFault(BY_NAME[name] ?? byWords(message) ?? BY_CODE[code] ?? 'internal', cause)
}

const MEANINGS: Readonly<Record<GraphFaultKind, readonly [FaultCode, string]>> = {
  away: ['STORE_UNAVAILABLE', 'The graph cannot be reached. Try again later.'],
  bad_answer: ['UPSTREAM_INVALID', 'The graph answered something unusable. Report it.'],
  busy: ['OVERLOADED', 'Too many calls wait for the graph already. Try again later.'],
  clock_skew: [
    'BAD_CONFIG',
    "This machine's clock is more than five minutes off, so the graph refuses what it signs. Set it by NTP.",
  ],
  closed: ['STORE_UNAVAILABLE', 'The graph is closed here: the program is ending.'],
  credentials_expired: [
    'BAD_CONFIG',
    'The AWS credentials have expired. Let the program take them from a role, or give it fresh ones.',
  ],
  credentials_missing: ['BAD_CONFIG', 'There are no AWS credentials. Give the program a role.'],
  dropped: ['STORE_UNAVAILABLE', 'The connection to the graph broke before it answered. Try again.'],
  forbidden: [
    'BAD_CONFIG',
    'The graph does not let us in. Check GRAPH_REGION, and that the role may neptune-db:connect, read and write.',
  ],
  internal: ['STORE_UNAVAILABLE', 'The graph failed inside. Try again later.'],
  out_of_memory: [
    'OVERLOADED',
    'The graph had not enough memory for this. Ask for less, or use a larger instance.',
  ],
  read_only: [
    'READ_ONLY_STORE',
    'The graph takes no writes at this address. Point GRAPH_URL at the writer of the cluster.',
  ],
  throttled: ['OVERLOADED', 'The graph is throttling us. Try again later.'],
  timed_out: ['DEADLINE_EXCEEDED', 'The graph did not answer in time. Try again, or ask for less.'],
  traversal_refused: ['INTERNAL', 'The graph refused the traversal as it is. The log has its reason.'],
  write_conflict: ['CONFLICT', 'Others write to the same part of the graph. Try again.'],
}

const BY_NAME: Readonly<Record<string, GraphFaultKind>> = {
  AccessDeniedException: 'forbidden',
  BadRequestException: 'traversal_refused',
  CancelledByUserException: 'timed_out',
  ConcurrentModificationException: 'write_conflict',
  ConstraintViolationException: 'write_conflict',
  InvalidParameterException: 'traversal_refused',
  MalformedQueryException: 'traversal_refused',
  MemoryLimitExceededException: 'out_of_memory',
  QueryTooLargeException: 'traversal_refused',
  QueryLimitExceededException: 'throttled',
  ReadOnlyViolationException: 'read_only',
  ThrottlingException: 'throttled',
  TimeLimitExceededException: 'timed_out',
  TooManyRequestsException: 'throttled',
  UnsupportedOperationException: 'traversal_refused',
}

/** Gremlin Server's own statuses. */
const BY_CODE: Readonly<Record<number, GraphFaultKind>> = {
  401: 'forbidden',
  403: 'forbidden',
  407: 'forbidden',
  429: 'throttled',
  498: 'traversal_refused',
  499: 'traversal_refused',
  503: 'throttled',
  597: 'traversal_refused',
  598: 'timed_out',
  599: 'traversal_refused',
}

/** TinkerGraph's transactions, and what two who make the same vertex hear; traversals that a strategy refuses. */
function byWords(message: string): GraphFaultKind | undefined {
  if (/^The provided traversal/.test(message)) return 'traversal_refused'
  return /^Conflict:|with id already exists/i.test(message) ? 'write_conflict' : undefined
}
