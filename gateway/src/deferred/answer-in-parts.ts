import type { Later } from '../answer-response.ts'
import type { DeferredAnswer } from './run-in-parts.ts'

/** The first part as JSON, one character for each byte, and the rest; only the first when that is all. */
export function answerInParts(
  { data, errors, pending, later, stop, ended }: DeferredAnswer,
  extensions: object | undefined,
): { readonly json: string; readonly later?: Later } {
  const isWhole = pending.length === 0
  const first = {
    data,
    ...(errors.length > 0 && { errors }),
    ...(!isWhole && { pending, hasNext: true }),
    ...(extensions && { extensions }),
  }
  const json = Buffer.from(JSON.stringify(first)).toString('latin1')
  return isWhole ? { json } : { json, later: { texts: later, stop, ended } }
}
