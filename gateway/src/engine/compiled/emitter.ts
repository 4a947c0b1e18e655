import type { GeneratedFunction } from './generated.ts'
import type { Item, PlaceItems, ShownField } from './items.ts'
import type { Part, Place, SourceField } from './place.ts'
import type { ObjectTake } from './repeats.ts'
import type { Store } from './reuse.ts'

/** Writes the bodies of functions for one kind of answers: their bytes, or objects. */
export interface Emitter {
  /** The parameter that tells functions which object to take. */
  readonly given: string
  /** Takes an object for where it stands in its parent, and returns what the caller goes on with. */
  object(code: PlaceCode): ObjectBody
  /** Takes what one part tells of the entity `r`. */
  part(code: ObjectCode): string
  /** Objects that may be of several types. */
  choice(cases: readonly TypeCase[]): ObjectBody
  /** An expression that takes an object of a field. */
  call(take: ObjectTake): string
  /** All of an object that has nothing but what names the entity and what other parts bring; undefined for others. */
  whole(items: PlaceItems, keep: Keep): string | undefined
  /** What the objects of an entity must have in common, besides what other parts bring, to be of one group. */
  form(items: PlaceItems): string
  /** For the entity `r` that was not found. */
  none(items: PlaceItems, part: number): string
  representation(members: readonly Member[]): RepresentationCode
  /** Code for the answer's outermost object. */
  root(items: PlaceItems, callFor: ObjectCode['callFor']): string
  /** An expression for several values that tells any two apart. */
  name(values: readonly string[]): string
  /** An expression for a function that takes what is `known` in the run `run` of the entity `r`, or answers false. */
  takeKnown(store: Store, takeFrom: TakeFrom, own: Part): string
}

export type ObjectBody = Pick<GeneratedFunction, 'body' | 'beside'>

/** What to do with one object. */
export interface ObjectCode {
  /** Of the object at hand; the only value `__typename` may have. */
  readonly type: string
  readonly fields: readonly SourceField[]
  readonly items: readonly Item[]
  readonly keep: Keep
  readonly register: readonly Registering[]
  /** Where it was remembered, for one that comes from there: then it was looked at before. */
  readonly known: Store | undefined
  /** The number of a constant text. */
  constant(text: string): number
  /** A call that takes an object of a field. */
  callFor(field: SourceField, shown: ShownField): string
}

export interface PlaceCode extends ObjectCode {
  readonly place: PlaceItems
  /** The number of the group that the entity belongs to; absent for objects that are none. */
  readonly group: number | undefined
  /** Expressions for what names the entity. */
  readonly names: readonly string[]
  readonly isWhole: boolean
}

/** Finds the entity that holes belong to, once everything is kept. */
export function entityCode({ group, names }: PlaceCode): string | undefined {
  return group === undefined ? undefined : `const r = g${group}(${names.join()});`
}

/** Fields whose values are needed for representations, and where they are kept: assignable expressions. */
export type Keep = ReadonlyMap<SourceField, string>

/** Where an object is remembered for those who would ask for what it tells. */
export interface Registering {
  readonly store: Store
  /** As which of the store's sources. */
  readonly source: number
  /** Expressions for what names it. */
  readonly key: readonly string[]
}

export interface TypeCase {
  readonly place: Place
  readonly take: string
}

/** One member of a representation: constant JSON, or an expression. */
export type Member = { readonly name: string; readonly json: string } | MemberValue

interface MemberValue {
  readonly name: string
  readonly value: string
  /** Whether another part tells it, so that it may be missing. */
  readonly isLater: boolean
}

interface RepresentationCode {
  /** Expression that tells different representations of `r` apart; undefined while something is missing. */
  readonly key: string
  /** Expression for the representation of `r` with this `key`. */
  readonly representation: string
}

/** The function that takes an entity from what a part told elsewhere. */
type TakeFrom = (own: Part) => string
