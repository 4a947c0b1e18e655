import { type Err, err } from '@stoa/platform/result'
import { type GatewayErrorCode, type Severity, severities } from './error-codes.ts'

/** One entry of an answer's `errors`, as the client reads it. */
export interface GraphError {
  readonly message: string
  readonly locations?: readonly { readonly line: number; readonly column: number }[]
  readonly path?: readonly (string | number)[]
  readonly extensions: Readonly<Record<string, unknown>> & { readonly code: string }
}

/** A request that is refused whole: nothing of it was run. */
export interface Refusal {
  readonly severity: Severity
  readonly errors: readonly GraphError[]
  /** For the header `retry-after`, seconds. */
  readonly retryAfterS?: number
}

/** What a limit is called, how much it allows, and how much came (or where counting stopped). */
export interface Exceeded {
  readonly limit: number
  readonly got: number
}

export function refuse(
  code: GatewayErrorCode,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): Err<Refusal> {
  return err({ severity: severities[code], errors: [graphError(code, message, details)] })
}

export function refuseAll(
  code: GatewayErrorCode,
  errors: readonly Omit<GraphError, 'extensions'>[],
): Err<Refusal> {
  return err({
    severity: severities[code],
    errors: errors.map((error) => ({ ...error, extensions: { code } })),
  })
}

/** The one form of every limit's refusal: what is limited, the limit, what came, what to do. */
export function refuseLimit(code: GatewayErrorCode, what: string, exceeded: Exceeded): Err<Refusal> {
  const { limit, got } = exceeded
  return refuse(code, `${what}: at most ${limit} allowed, got ${got} or more. Ask for less in one request.`, {
    limit,
    got,
  })
}

export function graphError(
  code: GatewayErrorCode,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): GraphError {
  return { message, extensions: { code, ...details } }
}
