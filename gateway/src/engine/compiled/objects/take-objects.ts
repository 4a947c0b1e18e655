import type { SubgraphResponse } from '@stoa/platform/subgraph'
import { isObject } from '../../data.ts'
import type { Asked } from '../backend.ts'
import { DEVIATION } from '../deviation.ts'
import type { Wanted } from '../wanted.ts'
import type { ObjectPart, ObjectProgram, ObjectRef, ObjectRun, Representation } from './object-program.ts'

export type WantedObject = Wanted<ObjectPart, ObjectRef, Representation>

export function takeRootObject(
  program: ObjectProgram,
  run: ObjectRun,
  { part, answer }: { readonly part: number; readonly answer: SubgraphResponse },
): void {
  const take = program.roots[part]
  if (!take) throw DEVIATION
  program.enter(run)
  take(dataOf(answer), run.root)
  program.leave()
}

/** Entities in the order in which they were asked for. */
export function takeEntityObjects(
  program: ObjectProgram,
  run: ObjectRun,
  { asked, answer }: { readonly asked: Asked<WantedObject>; readonly answer: SubgraphResponse },
): void {
  const data = dataOf(answer)
  program.enter(run)
  for (const [i, { batch }] of asked.fetch.batches.entries()) {
    const wanted = asked.wanted[i] ?? []
    const entities = Object.hasOwn(data, batch.key) ? data[batch.key] : undefined
    if (!Array.isArray(entities) || entities.length !== wanted.length) throw DEVIATION
    for (const [j, one] of wanted.entries()) takeOne(entities[j], one)
  }
  program.leave()
}

function takeOne(entity: unknown, { waiting }: WantedObject): void {
  for (const { part, ref } of waiting)
    if (entity === null) part.none(ref)
    else part.take(entity, ref)
}

/** Errors are for the tree-walking engine. Whatever the types say, a subgraph may give anything. */
function dataOf(answer: unknown): Readonly<Record<string, unknown>> {
  if (!isObject(answer) || answer['errors'] !== undefined || !isObject(answer['data'])) throw DEVIATION
  return answer['data']
}
