import type { Envelope } from '../event.ts'
import { compilePattern, type EventMatcher, type EventPattern } from '../event-pattern.ts'
import { Fault } from '../fault.ts'
import { describeProblems } from '../pattern/problem.ts'
import { envelopeMatcher } from '../pattern/rule-index.ts'

/** Compiles a pattern that somebody handed in. Faults with BAD_REQUEST and everything that is wrong with it. */
export function compileOrFault(pattern: EventPattern): EventMatcher {
  const compiled = compilePattern(pattern)
  if (compiled.ok) return compiled.value
  throw new Fault('BAD_REQUEST', `Bad event pattern. ${describeProblems(compiled.error)}`)
}

/** Whether an envelope matches; without a pattern all do. */
export function matcherOf(pattern: EventPattern | undefined): (event: Envelope) => boolean {
  if (!pattern) return () => true
  return envelopeMatcher({ pattern, matches: compileOrFault(pattern) })
}
