/** Why the world failed us. A closed list, kept in step with docs/errors.md by a test. */
export const faultCodes = [
  'BAD_CONFIG',
  'BAD_REQUEST',
  'BAD_SCHEMA',
  'CONFLICT',
  'DEADLINE_EXCEEDED',
  'DISK_FULL',
  'FORBIDDEN',
  'INTERNAL',
  'NOT_FOUND',
  'OVERLOADED',
  'READ_ONLY_STORE',
  'STORE_CORRUPT',
  'STORE_UNAVAILABLE',
  'UNAUTHENTICATED',
  'UPSTREAM_INVALID',
  'UPSTREAM_UNAVAILABLE',
] as const

export type FaultCode = (typeof faultCodes)[number]

/** The world failed: a code from the list, a message for whoever must act, and the cause. Thrown, unlike a refusal. */
export class Fault extends Error {
  readonly code: FaultCode
  /** Whether trying the same thing again, later, may succeed. */
  readonly retryable: boolean

  constructor(code: FaultCode, message: string, options: FaultOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Fault'
    this.code = code
    this.retryable = options.retryable ?? RETRYABLE.has(code)
  }
}

export interface FaultOptions {
  readonly cause?: unknown
  readonly retryable?: boolean
}

const RETRYABLE: ReadonlySet<FaultCode> = new Set([
  'CONFLICT',
  'DEADLINE_EXCEEDED',
  'OVERLOADED',
  'STORE_UNAVAILABLE',
  'UPSTREAM_UNAVAILABLE',
])

/** The single door for foreign errors: whatever was thrown comes out as a fault, its cause kept. */
export function toFault(reason: unknown): Fault {
  if (reason instanceof Fault) return reason
  const code = FROM_NODE[nodeCode(reason)] ?? 'INTERNAL'
  const message = reason instanceof Error ? reason.message : String(reason)
  return new Fault(code, message, { cause: reason })
}

const FROM_NODE: Readonly<Record<string, FaultCode>> = {
  ECONNREFUSED: 'UPSTREAM_UNAVAILABLE',
  ECONNRESET: 'UPSTREAM_UNAVAILABLE',
  ENOSPC: 'DISK_FULL',
  EROFS: 'READ_ONLY_STORE',
  ETIMEDOUT: 'DEADLINE_EXCEEDED',
  UND_ERR_CONNECT_TIMEOUT: 'DEADLINE_EXCEEDED',
  UND_ERR_HEADERS_TIMEOUT: 'DEADLINE_EXCEEDED',
  UND_ERR_SOCKET: 'UPSTREAM_UNAVAILABLE',
}

function nodeCode(reason: unknown): string {
  return typeof reason === 'object' && reason !== null && 'code' in reason ? String(reason.code) : ''
}
