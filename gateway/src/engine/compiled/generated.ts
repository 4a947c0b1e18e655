/** Generated functions and how they belong together; `link.ts` makes them run. Pure data. */
export interface Generated {
  readonly functions: readonly GeneratedFunction[]
  /** Kinds of entities: places of one type with the same needs. */
  readonly groups: readonly Group[]
  /** Function for each of the root's parts. */
  readonly roots: readonly string[]
  /** The answer's outermost object, in order: text, or the number of a fragment. */
  readonly answer: readonly (string | number)[]
  /** How many kinds of entities are remembered to be used again. */
  readonly stores: number
  readonly constants: readonly string[]
}

export interface GeneratedFunction {
  readonly name: string
  readonly parameters: string
  readonly body: string
}

export interface Group {
  /** How many texts name an entity. */
  readonly keys: number
  /** How many more become known when other parts arrive. */
  readonly more: number
  readonly fragments: number
  /** A fragment for the whole object, one more than the others: text, fragments by number, and expressions for keys. */
  readonly whole: readonly WholePiece[] | undefined
  readonly parts: readonly GroupPart[]
}

export type WholePiece = string | number | { readonly key: string }

export interface GroupPart {
  readonly batch: number
  /** Expression for the representation of `r`, undefined while something is missing. */
  readonly representation: string
  /** Function that takes the entity. */
  readonly take: string
  /** Function for an entity that was not found. */
  readonly none: string
  readonly reuse: PartReuse | undefined
}

/** Where the entity may be known from already. */
export interface PartReuse {
  readonly store: number
  /** Expression for the key of `r` in the store. */
  readonly key: string
  /** For each place that fills the store, the function that takes the entity from there; null for one that comes later. */
  readonly take: readonly (string | null)[]
}
