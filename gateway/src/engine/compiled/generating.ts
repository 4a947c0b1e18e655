import type { GraphQLSchema } from 'graphql'
import type { Emitter, Keep, Registering } from './emitter.ts'
import type { GeneratedFunction, Group } from './generated.ts'
import type { Item, ShownField } from './items.ts'
import type { Part, Place, SourceField } from './place.ts'
import type { Reuse, Store } from './reuse.ts'

/** What is known while functions are generated for one operation. */
export interface Generating {
  readonly schema: GraphQLSchema
  readonly emitter: Emitter
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
  readonly keep: Keep
  readonly register?: readonly Registering[]
  /** Where it is taken from, if it was remembered. */
  readonly known?: Store
}

/** The function that takes what one part tells of an object. */
export function partFunction(generating: Generating, place: Place, code: PartCode): string {
  const { own, items, keep, register = [], known } = code
  const { emitter, constant } = generating
  const body = emitter.part({
    ...{ type: place.type, fields: own.fields, items, keep, register, known, constant },
    callFor: (field, shown) => objectCall(generating, field, shown),
  })
  return define(generating, { name: `take_${nameOf(place)}`, parameters: `${emitter.given}, r`, body })
}

/** A call that takes an object of a field. */
export function objectCall(generating: Generating, field: SourceField, shown: ShownField): string {
  const take = generating.objectFunction(field, shown)
  const number = [...generating.functions.values()].findIndex(({ name }) => name === take)
  return generating.emitter.call({ type: shown.type, field, take, number })
}

/** Equal code is one function, so that places of one shape share their entities. */
export function define({ functions }: Generating, wanted: GeneratedFunction): string {
  const { parameters, body, beside = [] } = wanted
  const key = [parameters, body, ...beside.map((one) => one.body)].join(':')
  const known = functions.get(key)
  if (known) return known.name
  const name = `${wanted.name}_${functions.size}`
  // Names of GraphQL have no $, and nothing else of what is generated has.
  const named = (code: GeneratedFunction): string =>
    beside.length > 0 ? code.body.replaceAll('$', name) : code.body
  functions.set(key, {
    ...{ name, parameters, body: named(wanted) },
    beside: beside.map((one) => ({ ...one, name: one.name + name, body: named(one) })),
  })
  return name
}

/** Response keys are GraphQL names, so they make names of functions. */
export function nameOf({ path, type }: Place): string {
  return path.length === 0 ? type : `${path.slice(-3).join('_')}_${type}`
}
