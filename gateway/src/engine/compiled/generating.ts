import type { GraphQLSchema } from 'graphql'
import { emitObject } from './emit-object.ts'
import type { GeneratedFunction, Group } from './generated.ts'
import type { Item, ShownField } from './items.ts'
import type { Part, Place, SourceField } from './place.ts'
import { takeCode } from './repeats.ts'
import type { Reuse } from './reuse.ts'

/** What is known while functions are generated for one operation. */
export interface Generating {
  readonly schema: GraphQLSchema
  readonly reuse: Reuse
  readonly functions: Map<string, GeneratedFunction>
  readonly groups: Map<string, Group>
  /** Places whose objects are in the answer. */
  readonly visited: Set<Place>
  /** The number of a constant text of the answer. */
  constant(text: string): number
  /** The function for the objects of a field. */
  objectFunction(field: SourceField, shown: ShownField): string
}

export interface PartCode {
  readonly own: Part
  readonly items: readonly Item[]
  readonly keep: ReadonlyMap<SourceField, string>
  readonly register?: readonly string[]
  /** Nothing behind the last field that is needed is looked at: somebody else did. */
  readonly isKnown?: boolean
}

/** The function that takes what one part tells of an object and cuts it into fragments. */
export function partFunction(generating: Generating, place: Place, code: PartCode): string {
  const { own, items, keep, register = [], isKnown = false } = code
  const body = emitObject({
    ...{ type: place.type, fields: own.fields, items, keep, register, isKnown },
    mode: 'fragments',
    entity: undefined,
    callFor: (field, shown) => objectCall(generating, field, shown),
    constant: generating.constant,
  })
  return define(generating, { name: `take_${nameOf(place)}`, parameters: 'p, r', body })
}

/** A call that takes an object of a field at `p`. */
export function objectCall(generating: Generating, field: SourceField, shown: ShownField): string {
  const take = generating.objectFunction(field, shown)
  const number = [...generating.functions.values()].findIndex(({ name }) => name === take)
  return takeCode({ type: shown.type, field, take, number })
}

/** Equal code is one function, so that places of one shape share their entities. */
export function define({ functions }: Generating, wanted: GeneratedFunction): string {
  const key = `${wanted.parameters}:${wanted.body}`
  const known = functions.get(key)
  if (known) return known.name
  const name = `${wanted.name}_${functions.size}`
  functions.set(key, { ...wanted, name })
  return name
}

/** Response keys are GraphQL names, so they make names of functions. */
export function nameOf({ path, type }: Place): string {
  return path.length === 0 ? type : `${path.slice(-3).join('_')}_${type}`
}
