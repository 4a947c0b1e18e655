import { engineFault } from '../engine-fault.ts'
import type { EngineFaultKind } from '../engine-fault-kinds.ts'
import { Fault, type FaultCode, toFault } from '../fault.ts'

/** What PostgreSQL or the way to it said. */
export interface PostgresError {
  readonly code: FaultCode
  /** For the runbook and the metric. */
  readonly kind: EngineFaultKind
  readonly advice: string
  /**
   * Whether the same may be sent again: `yes` when nothing of it can have happened, `lost` when nobody knows, as the
   * answer got lost.
   */
  readonly again: 'no' | 'yes' | 'lost'
}

/** Undefined for what is neither PostgreSQL's nor its client's. */
export function readPostgresError(reason: unknown): PostgresError | undefined {
  const code = errorCode(reason)
  const found = STATES[code] ?? CLASSES[code.slice(0, 2)] ?? NODE[code] ?? fromMessage(reason)
  if (!found) return undefined
  const [faultCode, kind, advice, again = 'no'] = found
  return { code: faultCode, kind, advice, again }
}

/** The fault for whoever must act, counted by kind. Hosts, statements and values stay in the cause. */
export function postgresFault(reason: unknown): Fault {
  if (reason instanceof Fault) return reason
  const error = readPostgresError(reason)
  if (!error) return toFault(reason)
  const { code, kind, advice } = error
  const state = isSqlState(errorCode(reason)) ? ` (SQLSTATE ${errorCode(reason)})` : ''
  return engineFault(code, `PostgreSQL ${advice}${state}`, { engine: 'postgres', kind, cause: reason })
}

/** Whether the server itself answered so on a connection that can be used again. */
export function isAnswer(reason: unknown): boolean {
  const code = errorCode(reason)
  return isSqlState(code) && !code.startsWith('08') && !code.startsWith('57P') && code !== READ_ONLY
}

/** SQLSTATE or Node's code; empty when there is none. */
export function errorCode(reason: unknown): string {
  return typeof reason === 'object' && reason !== null && 'code' in reason ? String(reason.code) : ''
}

type Known = readonly [code: FaultCode, kind: EngineFaultKind, advice: string, again?: PostgresError['again']]

const READ_ONLY = '25006'

const LOST: Known = ['STORE_UNAVAILABLE', 'connection_lost', 'broke the connection off. Try again.', 'lost']
const UNREACHABLE: Known = [
  'STORE_UNAVAILABLE',
  'away',
  'cannot be reached. Look whether it runs and where; try again later.',
  'yes',
]
const MISSING: Known = [
  'BAD_SCHEMA',
  'missing_table',
  'lacks tables or functions of ours. Start this program once with the right to create them.',
]
const LOGIN: Known = ['BAD_CONFIG', 'login_refused', 'refused us. Check user, password and database.']

/** https://www.postgresql.org/docs/15/errcodes-appendix.html */
const STATES: Readonly<Record<string, Known>> = {
  // A former primary after a failover: another connection may reach the new one.
  [READ_ONLY]: [
    'READ_ONLY_STORE',
    'read_only',
    'takes no writes here. Connect to the primary, not to a replica.',
    'yes',
  ],
  '3D000': ['BAD_CONFIG', 'login_refused', 'has no such database. Create it, or correct the URL.'],
  '3F000': MISSING,
  '40001': ['CONFLICT', 'collision', 'saw too many changes of the same at once. Try again.', 'yes'],
  '40P01': ['CONFLICT', 'collision', 'saw too many changes of the same at once. Try again.', 'yes'],
  '42501': ['BAD_CONFIG', 'forbidden', 'does not let us do this. Give our user the rights on its schema.'],
  '42703': MISSING,
  '42883': MISSING,
  '42P01': MISSING,
  '53100': ['DISK_FULL', 'disk_full', 'has no room left. Give it more; what was confirmed is safe.'],
  '53200': ['OVERLOADED', 'out_of_memory', 'ran out of memory. Give it more, or ask for less at once.'],
  '53300': [
    'OVERLOADED',
    'too_many_connections',
    'takes no more connections. Lower maxConnections of our processes, or raise max_connections.',
    'yes',
  ],
  '55P03': ['STORE_UNAVAILABLE', 'locked', 'had this locked for too long. Try again.', 'yes'],
  '57014': [
    'DEADLINE_EXCEEDED',
    'timed_out',
    'did not finish a statement in time. Ask for less at once, or try again later.',
  ],
  '57P03': UNREACHABLE,
  '57P04': LOGIN,
  '58030': ['STORE_UNAVAILABLE', 'disk', 'could not read or write its disk. Look at the disk.'],
  XX001: ['STORE_CORRUPT', 'corrupt', 'found damaged data. Restore a backup.'],
  XX002: ['STORE_CORRUPT', 'corrupt', 'found a damaged index. Rebuild it with REINDEX.'],
}

const CLASSES: Readonly<Record<string, Known>> = {
  '08': LOST,
  '28': LOGIN,
  '54': ['BAD_REQUEST', 'too_big', 'was asked to keep something too big. Split it.'],
  '57': LOST,
}

/** Before a connection stands nothing was sent; a reset may come at any time. */
const NODE: Readonly<Record<string, Known>> = {
  EAI_AGAIN: UNREACHABLE,
  ECONNREFUSED: UNREACHABLE,
  ECONNRESET: LOST,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  ENOTFOUND: UNREACHABLE,
  EPIPE: LOST,
  ETIMEDOUT: LOST,
}

/** What the client says without a code. */
const MESSAGES: readonly (readonly [beginning: string, known: Known])[] = [
  [
    'timeout exceeded when trying to connect',
    [
      'OVERLOADED',
      'pool_exhausted',
      'has all our connections busy. Try again later, or raise maxConnections.',
    ],
  ],
  ['Connection terminated due to connection timeout', UNREACHABLE],
  ['timeout expired', UNREACHABLE],
  ['Query read timeout', ['STORE_UNAVAILABLE', 'no_answer', 'does not answer. Try again later.', 'lost']],
  ['Connection terminated', LOST],
  ['Client has encountered a connection error', LOST],
  ['Client was closed', LOST],
  ['Cannot use a pool after', ['STORE_UNAVAILABLE', 'closed', 'was closed by us. Open it again.']],
  ['The server does not support SSL', ['BAD_CONFIG', 'login_refused', 'has no TLS. Correct the URL.']],
]

function fromMessage(reason: unknown): Known | undefined {
  if (typeof reason !== 'object' || reason === null || !('message' in reason)) return undefined
  const message = String(reason.message)
  return MESSAGES.find(([beginning]) => message.startsWith(beginning))?.[1]
}

function isSqlState(code: string): boolean {
  return /^[0-9A-Z]{5}$/.test(code) && !(code in NODE)
}
