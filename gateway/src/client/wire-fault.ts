import { Fault, toFault } from '@stoa/platform/fault'
import { WireError, type WireFailure } from './wire-error.ts'

/** What a failed exchange is called outside this folder. Says no host and no path. */
export function wireFault(name: string, reason: unknown): Fault {
  if (!(reason instanceof WireError)) return toFault(reason)
  return FAULTS[reason.failure](name, reason)
}

const FAULTS: Readonly<Record<WireFailure, (name: string, cause: WireError) => Fault>> = {
  broken: (name, cause) => new Fault('UPSTREAM_UNAVAILABLE', `${name} cannot be reached.`, { cause }),
  crowded: (name, cause) =>
    new Fault('OVERLOADED', `Too many requests wait for ${name} already. Ask again later.`, { cause }),
  garbled: (name, cause) =>
    new Fault('UPSTREAM_INVALID', `${name} answered with what is not HTTP/1.1: ${cause.message}.`, { cause }),
  late: (name, cause) => new Fault('DEADLINE_EXCEEDED', `${name} did not answer in time.`, { cause }),
  'too-large': (name, cause) =>
    new Fault('UPSTREAM_INVALID', `${name} answered with ${cause.message}.`, { cause }),
}
