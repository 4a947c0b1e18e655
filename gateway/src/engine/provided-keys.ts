import { Kind, parse, type SelectionSetNode } from 'graphql'
import { fieldsInPlace, responseKey } from '../guards/fields-in-place.ts'
import { fragmentsOf } from '../guards/fragment-size.ts'
import type { Rewrite } from '../planner/plan.ts'
import { renames } from './rewrites.ts'

/**
 * The client's keys a sub-request would have brought to each object it is for: what is missing when it fails. Only
 * called then, so it may parse.
 */
export function providedKeys(
  operation: string,
  rewrites: readonly Rewrite[],
  /** The field under which entities come; the root's own fields when absent. */
  entitiesKey?: string,
): ReadonlySet<string> {
  const document = parse(operation, { noLocation: true })
  const fragments = fragmentsOf(document)
  const names = renames(rewrites)
  const roots = document.definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION ? node.selectionSet : [],
  )
  const sets = entitiesKey === undefined ? roots : below(roots, entitiesKey)
  const keys = fieldsInPlace(sets, fragments).map(responseKey)
  return new Set(keys.map((key) => names.get(key) ?? key))
}

function below(roots: readonly SelectionSetNode[], entitiesKey: string): readonly SelectionSetNode[] {
  const fields = fieldsInPlace(roots, new Map()).filter((field) => responseKey(field) === entitiesKey)
  return fields.flatMap((field) => field.selectionSet ?? [])
}
