import type { PathSegment } from '../planner/plan.ts'
import type { PossibleTypes } from '../planner/possible-types.ts'
import { isObject, type Target } from './data.ts'
import { isOneOf } from './rewrites.ts'

/** Every object in the data that a path of the plan leads to, in the order of the answer. */
export function locate(root: Target, path: readonly PathSegment[], types: PossibleTypes): readonly Target[] {
  let here: readonly Place[] = [{ value: root.object, path: root.path }]
  for (const segment of path) here = here.flatMap((place) => step(place, segment, types))
  return here.flatMap(asTargets)
}

interface Place {
  readonly value: unknown
  readonly path: Target['path']
}

function step(place: Place, segment: PathSegment, types: PossibleTypes): readonly Place[] {
  if (segment.kind === 'items') return items(place)
  if (Array.isArray(place.value)) return items(place).flatMap((item) => step(item, segment, types))
  if (!isObject(place.value)) return []
  if (segment.kind === 'types') return isOneOf(place.value, segment.names, types) ? [place] : []
  return [{ value: place.value[segment.name], path: [...place.path, segment.name] }]
}

function items({ value, path }: Place): readonly Place[] {
  return Array.isArray(value) ? value.map((item, i) => ({ value: item, path: [...path, i] })) : []
}

/** Lists of lists have no segment of their own in every plan. */
function asTargets(place: Place): readonly Target[] {
  if (Array.isArray(place.value)) return items(place).flatMap(asTargets)
  return isObject(place.value) ? [{ object: place.value, path: place.path }] : []
}
