import { type GraphQLOutputType, getNullableType, isLeafType, isListType } from 'graphql'
import type { ObjectCode, PlaceCode } from '../emitter.ts'
import type { GeneratedFunction } from '../generated.ts'
import { readCode } from './member-code.ts'
import { nameCode } from './name-code.ts'

/*
 * Answers repeat themselves: the author of twenty reviews comes twenty times, with all that was asked for. An entity
 * that comes again is compared with what was made of it the last time; when nothing is new, that is shown once more,
 * and its text may be written once.
 */

/** Lines that return the object of the entity `r` again if `v` tells nothing new. `same_$` is the function below. */
export function againLines(code: PlaceCode): readonly string[] {
  const count = hasObjects(code) ? 'R.again += 1; ' : ''
  const last = 'r.o[r.o.length - 1]'
  return [`if (r.o.length > 0 && same_$(v, ${last})) { ${count}return ${last}; }`]
}

/** Only what has objects within is worth it to have its text written by itself. */
export function hasObjects({ items }: ObjectCode): boolean {
  return items.some((item) => item.kind === 'field' && item.field.places)
}

/** Whether `v`, or null, tells what `w` was made of. What equals a value that was looked at needs no look. */
export function sameFunction(code: PlaceCode): GeneratedFunction {
  const members = [...typeConditions(code), ...memberConditions(code)]
  const lines = [
    'if (v === null || w === null) return v === w;',
    "if (typeof v !== 'object') return false;",
    'const t = prototypeOf(v);',
    'if (t !== null && t !== PLAIN) return false;',
    ...entityLines(code),
    `return ${members.length === 0 ? 'true' : members.join(' && ')};`,
  ]
  return { name: 'same_', parameters: 'v, w', body: lines.join('\n') }
}

/** Of what type an object was when it was made is not known any longer. */
export const SAME_CHOICE: GeneratedFunction = {
  name: 'same_',
  parameters: 'v, w',
  body: 'return v === null && w === null;',
}

function typeConditions({ fields, type }: ObjectCode): readonly string[] {
  return fields.flatMap(({ fieldName, key }) =>
    fieldName === '__typename' ? [`${readCode('v', key)} === ${JSON.stringify(type)}`] : [],
  )
}

function memberConditions({ items, callFor }: ObjectCode): readonly string[] {
  return items.flatMap((item) => {
    if (item.kind !== 'field') return []
    const { field, shown } = item
    const take = field.places && callFor(field, shown)
    return sameCode(shown.type, take, `${readCode('v', field.key)}, w.${shown.key}`)
  })
}

/** Whether two values of this type are the same; for a list, `take` is what takes the objects in it. */
function sameCode(type: GraphQLOutputType, take: string | undefined, values: string): string {
  const present = getNullableType(type)
  if (isListType(present)) return `sameList(${values}, ${sameOf(present.ofType, take)})`
  return `${sameOf(present, take)}(${values})`
}

function sameOf(type: GraphQLOutputType, take: string | undefined): string {
  const present = getNullableType(type)
  if (isListType(present)) return `(a, b) => sameList(a, b, ${sameOf(present.ofType, take)})`
  return isLeafType(present) || take === undefined ? 'sameValue' : `same_${take}`
}

/** The same entity, and nothing new was made of it since. Keys that are shown are compared as members. */
function entityLines({ group, keep, names, items }: PlaceCode): readonly string[] {
  const shown = new Set(items.flatMap((item) => (item.kind === 'field' ? [item.field] : [])))
  const named = [...keep].filter(([, name]) => names.includes(name)).map(([field]) => field)
  if (group === undefined || named.every((field) => shown.has(field) && !field.places)) return []
  if (named.some(({ places }) => places)) return ['return false;']
  return [
    `const r = R.groups[${group}].get(${nameCode(named.map(({ key }) => readCode('v', key)))});`,
    'if (r === undefined || r.o[r.o.length - 1] !== w) return false;',
  ]
}
