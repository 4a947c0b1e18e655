import { Fault } from '@stoa/platform/fault'

const DEEPEST = 5
const LONGEST = 500

/** Why something failed, for the log: what each error on the way to the first cause says, in one line. */
export function chainOfCauses(reason: unknown): string {
  const parts: string[] = []
  for (
    let at: unknown = reason, depth = 0;
    at !== undefined && depth < DEEPEST;
    at = causeOf(at), depth += 1
  ) {
    const said = saidBy(at)
    if (said !== '' && !parts.some((part) => part.includes(said))) parts.push(said)
  }
  return parts.join(' < ').replace(/\s+/g, ' ').slice(0, LONGEST)
}

/** Where several addresses were tried, one of them stands for all. */
function causeOf(reason: unknown): unknown {
  if (reason instanceof AggregateError) return reason.errors[0]
  return Error.isError(reason) ? reason.cause : undefined
}

function saidBy(reason: unknown): string {
  if (!Error.isError(reason)) return String(reason)
  // It quotes what could not be read, which may be a customer's.
  if (reason.name === 'SyntaxError') return reason.name
  const { message } = reason
  // A fault's code is logged beside this.
  const code = 'code' in reason && !(reason instanceof Fault) ? String(reason.code) : ''
  return [message, ...(message.includes(code) ? [] : [`(${code})`])].join(' ').trim()
}
