import type { PossibleTypes } from '../planner/possible-types.ts'
import { adopt, type DataObject, isObject } from './data.ts'

/**
 * Adds to `target` what `source` knows of the same object. What is there stays, unless it was null: two subgraphs
 * that both resolve a field agree, and a null may only mean that one of them failed.
 */
export function mergeInto(target: DataObject, source: DataObject, types: PossibleTypes): void {
  for (const key of Object.keys(source)) {
    if (key === '__proto__') continue
    const mine = target[key]
    const theirs = source[key]
    target[key] = key === '__typename' ? moreConcrete(mine, theirs, types) : mergeValue(mine, theirs, types)
  }
}

function mergeValue(mine: unknown, theirs: unknown, types: PossibleTypes): unknown {
  if (mine === undefined || mine === null) return adopt(theirs)
  if (isObject(mine) && isObject(theirs)) mergeInto(mine, theirs, types)
  else if (Array.isArray(mine) && Array.isArray(theirs))
    return mine.map((item, i) => (i < theirs.length ? mergeValue(item, theirs[i], types) : item))
  return mine
}

/** A subgraph that knows an interface only as `@interfaceObject` calls each of its objects by the interface's name. */
function moreConcrete(mine: unknown, theirs: unknown, types: PossibleTypes): unknown {
  return typeof mine === 'string' && (types.isObjectType(mine) || typeof theirs !== 'string') ? mine : theirs
}
