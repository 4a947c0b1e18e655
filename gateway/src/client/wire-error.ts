/**
 * Why an exchange came to nothing.
 * `broken`: the connection could not be opened, or ended before the answer did.
 * `garbled`: the bytes are no HTTP/1.1 response. `too-large`: they are more than is taken.
 * `late`: the deadline passed. `crowded`: too many wait already.
 */
export type WireFailure = 'broken' | 'garbled' | 'too-large' | 'late' | 'crowded'

/** Says nothing of hosts and paths; its cause may, and is for the log alone. */
export class WireError extends Error {
  readonly failure: WireFailure

  constructor(failure: WireFailure, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'WireError'
    this.failure = failure
  }
}

export function garbled(what: string): WireError {
  return new WireError('garbled', what)
}
