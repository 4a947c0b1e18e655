import type { Random } from '@stoa/platform/random'

/** A random graph: what its types are, and which subgraph has which part of them. */
export interface Model {
  /** What may be drawn; cases of the first are kept as they were found. */
  readonly era: Era
  readonly subgraphs: readonly string[]
  readonly types: ReadonlyMap<string, TypeModel>
}

/** Graphs of seeds below 10,000 are of the first. */
export type Era = 1 | 2

export interface TypeModel {
  readonly name: string
  readonly kind: 'root' | 'value' | 'entity' | 'abstract'
  /** By subgraph, what its declaration begins with: `type E0 @key(fields: "id")`. */
  readonly heads: Map<string, string>
  readonly fields: FieldModel[]
  /** The object types of an abstract type; which of them an object has follows from its id. */
  readonly members: readonly string[]
  /** The only subgraph whose fields lead to it; any that knows it when absent. */
  readonly foundIn?: string
  /** A value made of a number; for value types. */
  readonly make?: (roll: number) => object
  /** The id of an entity that goes by another key; undefined for one that does not exist. */
  readonly identify?: (reference: Reference) => string | undefined
}

/** What one subgraph tells another of an entity. */
export type Reference = Readonly<Record<string, unknown>>

export interface FieldModel {
  readonly name: string
  /** `[E1!]!`, `Int`, `C`, … */
  readonly type: string
  /** Where a subgraph says its type differently. */
  readonly typeIn?: ReadonlyMap<string, string>
  /** The type that its values are drawn for: several types may have the same field. */
  readonly of: string
  /** Subgraphs that resolve it, and the directives it has there. */
  readonly in: ReadonlyMap<string, string>
  /** Subgraphs that are only told of it. */
  readonly toldTo: readonly string[]
  readonly argument: ArgumentKind | undefined
  /** Never fails: the value of another depends on it. */
  readonly isSure: boolean
  /** For fields whose value follows from the id. */
  readonly derive: ((id: string) => unknown) | undefined
  /** Fields of other subgraphs that its value depends on. */
  readonly needs: readonly Need[]
}

export interface Need {
  readonly name: string
  readonly given?: Given
  /** Only these fields of the value, for each type it may have if it may have several. */
  readonly parts?: readonly string[] | Readonly<Record<string, readonly string[]>>
  /** The type of the entities that the value is, whose own fields the parts are. */
  readonly of?: string
}

export type Given = Readonly<Record<string, unknown>>

export const ARGUMENTS = {
  number: 'n: Int',
  defaulted: 'n: Int = 5',
  text: 's: String',
  input: 'w: In',
} as const

export type ArgumentKind = keyof typeof ARGUMENTS

/** A model while it grows; every kind of feature adds its own to it. */
export interface Building extends Model {
  readonly random: Random
  readonly types: Map<string, TypeModel>
  /** Whether fields fail now and then. */
  readonly isFailing: boolean
}

export interface Piece {
  /** All types are known before any field is drawn, so that fields may lead to every type. */
  types?(building: Building): void
  fields?(building: Building): void
}

export function pick<T>(random: Random, list: readonly T[]): T {
  const chosen = list[Math.floor(random.next() * list.length)]
  if (chosen === undefined) throw new Error('nothing to pick from')
  return chosen
}

export function chance(random: Random, share: number): boolean {
  return random.next() < share
}

export function typeOf(model: Model, name: string): TypeModel {
  const type = model.types.get(name)
  if (!type) throw new Error(`there is no type ${name}`)
  return type
}

/** `[[E0!]]!` → `E0`. */
export function namedIn(type: string): string {
  return type.replace(/[[\]!]/g, '')
}

/** The fields an object of this type has, its interfaces' included. */
export function fieldsOf(model: Model, name: string): readonly FieldModel[] {
  const interfaces = [...model.types.values()].filter(
    ({ kind, members, fields }) => kind === 'abstract' && fields.length > 0 && members.includes(name),
  )
  const own = model.types.get(name)?.fields ?? []
  const known = new Set(own.map((field) => field.name))
  return [...own, ...interfaces.flatMap(({ fields }) => fields.filter((field) => !known.has(field.name)))]
}
