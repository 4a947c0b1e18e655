import type { QueryPlan } from '@graphql-hive/router-query-planner'
import { checkJsonDepth } from '../../guards/guard-json.ts'
import { isPlan } from './is-plan.ts'

/** Plans of documents at the limits have some twenty levels. */
const DEEPEST = 150

/** A plan out of its JSON. Undefined for whatever else; throws where it is no JSON. */
export function parsePlan(text: string | undefined): QueryPlan | undefined {
  if (text === undefined || !checkJsonDepth(text, DEEPEST).ok) return undefined
  const value: unknown = JSON.parse(text)
  return isPlan(value) ? value : undefined
}
