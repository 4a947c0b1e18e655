import type { Envelope } from './event.ts'
import type { Json, JsonObject } from './json.ts'
import { expandPattern } from './pattern/expand.ts'
import { matchBranch } from './pattern/match.ts'
import { createProblems, defaultLimits, type PatternLimits, type PatternProblem } from './pattern/problem.ts'
import { err, ok, type Result } from './result.ts'

/** An event pattern as EventBridge writes it: leaves are arrays, any element may match, all fields must. */
export interface EventPattern {
  readonly [field: string]: readonly Json[] | EventPattern
}

export type EventMatcher = (event: JsonObject) => boolean

/**
 * Compiles a pattern once into a function, or lists everything that is wrong with it.
 * The grammar is that of Amazon EventBridge (aws/event-ruler); docs/event-bus.md shows every operator.
 */
export function compilePattern(
  pattern: EventPattern,
  limits: Partial<PatternLimits> = {},
): Result<EventMatcher, readonly PatternProblem[]> {
  const problems = createProblems({ ...defaultLimits, ...limits })
  problems.checkLength(pattern)
  const alternatives = expandPattern(pattern, problems)
  if (problems.found.length > 0) return err(problems.found)
  const matchers = alternatives.map((branch) => matchBranch(branch))
  const [only] = matchers
  if (only && matchers.length === 1) return ok(only)
  return ok((event) => matchers.some((matches) => matches(event)))
}

/** The shape patterns are written against: what EventBridge would show of the same event. */
export function eventView(event: Envelope): JsonObject {
  return {
    id: event.id,
    source: event.source,
    'detail-type': event.type,
    time: new Date(event.at).toISOString(),
    resources: [event.stream],
    // EventMeta is plain JSON; an interface just cannot say so to the compiler.
    detail: { ...event.data, meta: { ...event.meta } },
  }
}
